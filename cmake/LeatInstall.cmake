# cmake --install: headers in the layout of the include tree, static libraries, the schemas, and a
# package: find_package(leat), then target_link_libraries(... leat::leat).
include(CMakePackageConfigHelpers)
set(LEAT_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/leat)

foreach(_layer schemas chunk actor graph runtime net cluster actors app)
  set_target_properties(leat_${_layer} PROPERTIES EXPORT_NAME ${_layer})
  list(APPEND _libraries leat_${_layer})
endforeach()
install(TARGETS ${_libraries} leat EXPORT leatTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT leatTargets NAMESPACE leat:: DESTINATION ${LEAT_PACKAGE_DIR})

foreach(_layer chunk actor graph runtime net cluster app)
  install(DIRECTORY framework/${_layer}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/leat/${_layer}
          FILES_MATCHING PATTERN *.hpp PATTERN leat.hpp EXCLUDE)
endforeach()
install(FILES framework/app/leat.hpp DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/leat)
install(DIRECTORY actors/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/leat/actors
        FILES_MATCHING PATTERN *.hpp)
install(DIRECTORY ${LEAT_INCLUDE_TREE}/leat/schemas/
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/leat/schemas FILES_MATCHING PATTERN *.capnp.h PATTERN *.hpp)
install(DIRECTORY schemas/ DESTINATION ${CMAKE_INSTALL_DATADIR}/leat/schemas
        FILES_MATCHING PATTERN *.capnp)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})

configure_package_config_file(cmake/leatConfig.cmake.in ${PROJECT_BINARY_DIR}/leatConfig.cmake
                              INSTALL_DESTINATION ${LEAT_PACKAGE_DIR})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/leatConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/leatConfig.cmake ${PROJECT_BINARY_DIR}/leatConfigVersion.cmake
              cmake/FindCAF.cmake
        DESTINATION ${LEAT_PACKAGE_DIR})
