# cmake --install: headers in the layout of the include tree, libraries, and a package config.
include(CMakePackageConfigHelpers)
