// The QML modules of the window are linked into the program.
#include <QtQml/qqmlextensionplugin.h>

Q_IMPORT_QML_PLUGIN(JankMonitorPlugin)
Q_IMPORT_QML_PLUGIN(SteadyframePlugin)
Q_IMPORT_QML_PLUGIN(Steadyframe_FeedPlugin)
Q_IMPORT_QML_PLUGIN(Steadyframe_ModelsPlugin)
