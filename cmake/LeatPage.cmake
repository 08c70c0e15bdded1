# leat_embed_page(TARGET FOLDER): makes the files of a folder part of a target, through a source in which the assembler
# reads them. It is made anew when a file comes or goes, and compiled anew when one changes.
function(leat_embed_page target folder)
  file(GLOB files CONFIGURE_DEPENDS ${folder}/*)
  if(NOT files)
    message(FATAL_ERROR "${folder} has no files: it is committed, see framework/page/README.md")
  endif()
  set(symbols)
  set(entries)
  set(index 0)
  foreach(file IN LISTS files)
    get_filename_component(name ${file} NAME)
    string(APPEND symbols
           "asm(\".section .rodata\\n.balign 16\\nleat_page_${index}:\\n.incbin \\\"${file}\\\"\\nleat_page_${index}_end:\\n.byte 0\\n.previous\");\n"
           "extern \"C\" __attribute__((visibility(\"hidden\"))) const char leat_page_${index}[], leat_page_${index}_end[];\n")
    string(APPEND entries "    {\"${name}\", leat_page_${index}, leat_page_${index}_end},\n")
    math(EXPR index "${index} + 1")
  endforeach()
  set(source ${CMAKE_CURRENT_BINARY_DIR}/embedded_page.cpp)
  file(CONFIGURE OUTPUT ${source} @ONLY CONTENT
"// Made by cmake/LeatPage.cmake.
${symbols}
namespace leat {

struct EmbeddedFile {
  const char* name;
  const char* begin;
  const char* end;
};
extern const EmbeddedFile embedded_page[];
const EmbeddedFile embedded_page[] = {
${entries}    {nullptr, nullptr, nullptr}};

}  // namespace leat
")
  target_sources(${target} PRIVATE ${source})
  set_source_files_properties(${source} PROPERTIES OBJECT_DEPENDS "${files}" SKIP_PRECOMPILE_HEADERS ON
                              SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
