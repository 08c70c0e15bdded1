# Lets the sources say <leat/chunk/table.hpp> as users of an installed leat do: a folder of links in the build
# tree that has the installed layout. framework/include is the same for who reads without a build; the schemas'
# headers, which are generated, are in this one only.
set(LEAT_INCLUDE_TREE ${PROJECT_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${LEAT_INCLUDE_TREE}/leat)
file(GLOB _links CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/framework/include/leat/*)
foreach(_link ${_links})
  get_filename_component(_name ${_link} NAME)
  file(REAL_PATH ${_link} _target)
  file(CREATE_LINK ${_target} ${LEAT_INCLUDE_TREE}/leat/${_name} SYMBOLIC)
endforeach()
