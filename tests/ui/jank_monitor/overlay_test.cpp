#include "jank_monitor/jank_monitor.h"

#include <QtQml/qqmlextensionplugin.h>
#include <QtQuickTest/quicktest.h>

Q_IMPORT_QML_PLUGIN(JankMonitorPlugin)

QUICK_TEST_MAIN(overlay)
