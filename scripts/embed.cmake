# zq_embed(target symbol file): compile the bytes of a file into a target.
#
# Code of the target can then say
#   #include "embed/<symbol>.h"
# which declares `extern const char <symbol>[]` with its size known: sizeof <symbol> - 1 is the
# file's length, and a NUL follows its last byte. The generated files live in the build directory and
# are made anew when the file changes.
#
# Run as a script (-P) with SYMBOL, INPUT and OUTPUT (without its ending), it does the work.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${INPUT} hex HEX)
  string(LENGTH "${hex}" digits)
  math(EXPR size "${digits} / 2 + 1")
  string(REGEX REPLACE "(................................)" "\\1\n" bytes "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${bytes}")
  get_filename_component(name ${INPUT} NAME)
  file(WRITE ${OUTPUT}.h "/* Made from ${name}. */\nextern const char ${SYMBOL}[${size}];\n")
  file(WRITE ${OUTPUT}.c "#include \"embed/${SYMBOL}.h\"\n\n"
                         "const char ${SYMBOL}[${size}] = {\n${bytes}'\\0'};\n")
  return()
endif()

set(ZQ_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(zq_embed target symbol file)
  set(output ${PROJECT_BINARY_DIR}/generated/embed/${symbol})
  get_filename_component(input ${file} ABSOLUTE BASE_DIR ${PROJECT_SOURCE_DIR})
  get_filename_component(name ${file} NAME)
  add_custom_command(
    OUTPUT ${output}.c ${output}.h
    COMMAND ${CMAKE_COMMAND} -DSYMBOL=${symbol} -DINPUT=${input} -DOUTPUT=${output}
            -P ${ZQ_EMBED_SCRIPT}
    DEPENDS ${input} ${ZQ_EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  target_sources(${target} PRIVATE ${output}.c ${output}.h)
  target_include_directories(${target} PRIVATE ${PROJECT_BINARY_DIR}/generated)
endfunction()
