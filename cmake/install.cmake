# What `cmake --install` brings: the program with its manual and completion
# (component `program`), and what host programs are built with (component
# `development`): one static library, headers, a CMake package, pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(TARGETS apify-orchestrator
  RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT program)
install(FILES packaging/man/apify-orchestrator.1
  DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT program)
install(FILES packaging/completion/apify-orchestrator.bash
  DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions"
  RENAME apify-orchestrator COMPONENT program)

# -- the library: the objects that the program is linked of, in one archive -----

# What hosts link with it; the package's own configuration finds them again.
set(needed caf::core fmt::fmt spdlog::spdlog SQLite::SQLite3 OpenSSL::SSL
  OpenSSL::Crypto ZLIB::ZLIB date::date-tz PkgConfig::sodium PkgConfig::brotli
  Threads::Threads)

# orc_layers_of(OUT TARGET...): our own libraries among all that TARGETs link.
function(orc_layers_of out)
  set(found)
  set(open ${ARGN})
  while(open)
    list(POP_FRONT open target)
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" target "${target}")
    if(NOT target MATCHES "^orc::")
      if(target MATCHES "::" AND NOT target IN_LIST needed)
        message(FATAL_ERROR "Hosts need ${target}, too: name it here, in "
          "ApifyOrchestratorConfig.cmake.in and in apify-orchestrator.pc.in")
      endif()
      continue()
    endif()
    get_target_property(target ${target} ALIASED_TARGET)
    if(target IN_LIST found)
      continue()
    endif()
    list(APPEND found ${target})
    get_target_property(links ${target} LINK_LIBRARIES)
    list(APPEND open ${links})
  endwhile()
  set(${out} ${found} PARENT_SCOPE)
endfunction()

orc_layers_of(layers orc::embedding)
list(TRANSFORM layers REPLACE "(.+)" "$<TARGET_OBJECTS:\\1>" OUTPUT_VARIABLE objects)
add_library(orchestrator STATIC ${objects})
set_target_properties(orchestrator PROPERTIES ORC_ALONE ON
  LINKER_LANGUAGE CXX
  OUTPUT_NAME apify-orchestrator)
target_compile_features(orchestrator INTERFACE cxx_std_20)
target_include_directories(orchestrator INTERFACE
  "$<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>")
target_link_libraries(orchestrator INTERFACE ${needed})

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/ApifyOrchestrator")
install(TARGETS orchestrator EXPORT ApifyOrchestrator
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
install(EXPORT ApifyOrchestrator NAMESPACE ApifyOrchestrator::
  FILE ApifyOrchestratorTargets.cmake
  DESTINATION "${package_dir}" COMPONENT development)
configure_package_config_file(cmake/package/ApifyOrchestratorConfig.cmake.in
  "${CMAKE_BINARY_DIR}/package/ApifyOrchestratorConfig.cmake"
  INSTALL_DESTINATION "${package_dir}")
# No promise of a stable ABI yet: any other minor version is another library.
write_basic_package_version_file(
  "${CMAKE_BINARY_DIR}/package/ApifyOrchestratorConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_BINARY_DIR}/package/ApifyOrchestratorConfig.cmake"
  "${CMAKE_BINARY_DIR}/package/ApifyOrchestratorConfigVersion.cmake"
  cmake/package/FindCaf.cmake
  DESTINATION "${package_dir}" COMPONENT development)

# -- pkg-config -------------------------------------------------------------------

set(pkgconfig_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH prefix_from_pc "/${pkgconfig_dir}" "/")
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(cmake/package/apify-orchestrator.pc.in
  "${CMAKE_BINARY_DIR}/package/apify-orchestrator.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/package/apify-orchestrator.pc"
  DESTINATION "${pkgconfig_dir}" COMPONENT development)

# -- headers ----------------------------------------------------------------------

# In the tree they name each other from its root; installed, from the folder
# `apify-orchestrator`, so that a host may have folders of the same names.
install(CODE "set(ORC_SOURCE_DIR \"${PROJECT_SOURCE_DIR}\")
  set(ORC_INCLUDE_DIR \"${CMAKE_INSTALL_INCLUDEDIR}\")" COMPONENT development)
install(SCRIPT cmake/package/install_headers.cmake COMPONENT development)
