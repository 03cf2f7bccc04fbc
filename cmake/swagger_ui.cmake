# Swagger UI, which /api-docs/ shows, travels in the binary: what a browser asks
# for of npm's swagger-ui-dist, compressed. Where it was not wanted, that page
# only leads to the document.
# orc_fetch_swagger_ui(FOLDER FILE...): has each FILE.gz in the folder; done again
# where another version is wanted.
function(orc_fetch_swagger_ui folder)
  set(wanted "${CMAKE_CURRENT_SOURCE_DIR}/api_docs")
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS
    "${wanted}/package-lock.json")
  file(MAKE_DIRECTORY "${folder}")
  execute_process(COMMAND "${CMAKE_COMMAND}" -E compare_files
    "${wanted}/package-lock.json" "${folder}/.installed"
    RESULT_VARIABLE differs ERROR_QUIET)
  if(NOT differs)
    return()
  endif()
  file(COPY "${wanted}/package.json" "${wanted}/package-lock.json"
    DESTINATION "${folder}")
  execute_process(
    COMMAND npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
    WORKING_DIRECTORY "${folder}" RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "npm could not fetch Swagger UI: ${failed}. Install npm, or "
      "build without it: -DORC_SWAGGER_UI=OFF")
  endif()
  foreach(file IN LISTS ARGN)
    execute_process(
      COMMAND gzip -9 -n -c "${folder}/node_modules/swagger-ui-dist/${file}"
      OUTPUT_FILE "${folder}/${file}.gz" COMMAND_ERROR_IS_FATAL ANY)
  endforeach()
  file(COPY_FILE "${folder}/package-lock.json" "${folder}/.installed")
endfunction()

# orc_embed_swagger_ui(TARGET): adds the source that holds the files.
function(orc_embed_swagger_ui target)
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/swagger_ui")
  set(source "${CMAKE_CURRENT_BINARY_DIR}/swagger_ui_files.cpp")
  set(FILES "")
  set(ENTRIES "")
  if(ORC_SWAGGER_UI)
    set(wanted swagger-ui.css swagger-ui-bundle.js)
    orc_fetch_swagger_ui("${folder}" ${wanted})
    foreach(file IN LISTS wanted)
      set(packed "${folder}/${file}.gz")
      set_property(SOURCE "${source}" APPEND PROPERTY OBJECT_DEPENDS "${packed}")
      string(MAKE_C_IDENTIFIER "orc_${file}" symbol)
      string(APPEND FILES "ORC_PACKED_FILE(${symbol}, \"${packed}\")\n")
      string(APPEND ENTRIES "  {\"${file}\", packed(${symbol}, ${symbol}_end)},\n")
    endforeach()
  endif()
  configure_file(swagger_ui_files.cpp.in "${source}" @ONLY)
  target_sources(${target} PRIVATE "${source}")
endfunction()
