# Qt, and what every target that uses it shares.
find_package(Qt6 6.4 REQUIRED COMPONENTS Core Gui Network Qml Quick QuickControls2 Widgets)
if(STEADYFRAME_TESTS)
    find_package(Qt6 6.4 REQUIRED COMPONENTS Test QuickTest)
endif()
set(CMAKE_AUTOMOC ON)
# moc reads <type_traits> without the header that defines this macro, and stumbles over "namespace std" where a
# source includes <concepts> or <compare> before anything else of the standard library.
set(CMAKE_AUTOMOC_MOC_OPTIONS "-D_GLIBCXX_VISIBILITY=")

# One place in the build tree for the project's QML modules, so that qmllint and the tests find them.
set(QT_QML_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/qml")
