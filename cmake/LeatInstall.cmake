# cmake --install: headers in the layout of the include tree, static libraries, the schemas, and a
# package: find_package(leat), then target_link_libraries(... leat::leat).
include(CMakePackageConfigHelpers)
set(LEAT_PACKAGE_DIR ${CMAKE_INSTALL_LIBDIR}/cmake/leat)

foreach(_layer schemas chunk actor checkpoint graph diagnosis runtime net inspect cluster actors app page gateway)
  # Not as system headers: compilers keep quiet about those, [[nodiscard]] included.
  set_target_properties(leat_${_layer} PROPERTIES EXPORT_NAME ${_layer} EXPORT_NO_SYSTEM ON)
  list(APPEND _libraries leat_${_layer})
endforeach()
set_target_properties(leat PROPERTIES EXPORT_NO_SYSTEM ON)
install(TARGETS ${_libraries} leat EXPORT leatTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT leatTargets NAMESPACE leat:: DESTINATION ${LEAT_PACKAGE_DIR})

foreach(_layer chunk actor checkpoint graph diagnosis runtime net inspect cluster app page gateway)
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
install(FILES LICENSE CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md)

configure_package_config_file(cmake/leatConfig.cmake.in ${PROJECT_BINARY_DIR}/leatConfig.cmake
                              INSTALL_DESTINATION ${LEAT_PACKAGE_DIR})
# Before 1.0 a minor version may change the interface.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/leatConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/leatConfig.cmake ${PROJECT_BINARY_DIR}/leatConfigVersion.cmake
              cmake/FindCAF.cmake
        DESTINATION ${LEAT_PACKAGE_DIR})

# The API reference, where doxygen is there to make it.
find_program(DOXYGEN doxygen)
if(DOXYGEN)
  configure_file(cmake/Doxyfile.in ${PROJECT_BINARY_DIR}/Doxyfile @ONLY)
  install(CODE "
    set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    file(READ ${PROJECT_BINARY_DIR}/Doxyfile doxyfile)
    string(APPEND doxyfile
      \"INPUT = \\\"\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}/leat\\\" \\\"\${prefix}/${CMAKE_INSTALL_DOCDIR}/guide.md\\\"\n\"
      \"USE_MDFILE_AS_MAINPAGE = \\\"\${prefix}/${CMAKE_INSTALL_DOCDIR}/guide.md\\\"\n\"
      \"STRIP_FROM_PATH = \\\"\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}\\\"\n\"
      \"OUTPUT_DIRECTORY = \\\"\${prefix}/${CMAKE_INSTALL_DOCDIR}\\\"\n\")
    file(WRITE ${PROJECT_BINARY_DIR}/Doxyfile.install \"\${doxyfile}\")
    execute_process(COMMAND ${DOXYGEN} ${PROJECT_BINARY_DIR}/Doxyfile.install RESULT_VARIABLE said)
    if(NOT said EQUAL 0)
      message(WARNING \"doxygen made no API reference\")
    endif()")
endif()
