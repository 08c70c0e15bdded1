# Lets the sources say <leat/chunk/table.hpp> as users of an installed leat do: a folder of links
# in the build tree that has the installed layout.
set(LEAT_INCLUDE_TREE ${PROJECT_BINARY_DIR}/include)
file(MAKE_DIRECTORY ${LEAT_INCLUDE_TREE}/leat)
foreach(_layer chunk actor graph runtime net cluster app)
  file(CREATE_LINK ${PROJECT_SOURCE_DIR}/framework/${_layer} ${LEAT_INCLUDE_TREE}/leat/${_layer}
       SYMBOLIC)
endforeach()
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/actors ${LEAT_INCLUDE_TREE}/leat/actors SYMBOLIC)
file(CREATE_LINK ${PROJECT_SOURCE_DIR}/framework/app/leat.hpp ${LEAT_INCLUDE_TREE}/leat/leat.hpp
     SYMBOLIC)
