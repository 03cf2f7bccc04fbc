# Headers that most sources read are parsed once, not by each of them. Such a
# header is compiled here, never taken from ccache: one that was made in another
# folder names the files of that folder, and whatever then reads the same header
# by this one's name defines everything twice. What reads it is taken from ccache,
# by the checksum that precompile_header.sh writes.
#
#   orc_precompile(NAME HEADER...): NAME is for REUSE_FROM.
function(orc_precompile name)
  set(source "${CMAKE_BINARY_DIR}/${name}.cpp")
  file(GENERATE OUTPUT "${source}" CONTENT "// Only carries the precompiled header.\n")
  add_library(${name} OBJECT "${source}")
  set_target_properties(${name} PROPERTIES CXX_COMPILER_LAUNCHER
    "${PROJECT_SOURCE_DIR}/cmake/precompile_header.sh;${PROJECT_SOURCE_DIR}")
  target_link_libraries(${name} PRIVATE orc_options caf::core fmt::fmt)
  target_precompile_headers(${name} PRIVATE ${ARGN})
endfunction()

# The book: measured, 4.5 s of the 11 s of a typical source that speaks to actors.
function(orc_precompile_book)
  orc_precompile(orc_book
    <caf/actor_system.hpp>
    <caf/stateful_actor.hpp>
    <caf/typed_event_based_actor.hpp>
    <caf/typed_response_promise.hpp>
    <functional>
    <unordered_map>
    "${PROJECT_SOURCE_DIR}/messages/base/log.hpp"
    "${PROJECT_SOURCE_DIR}/messages/item_counter.hpp"
    "${PROJECT_SOURCE_DIR}/messages/orchestrator.hpp"
    "${PROJECT_SOURCE_DIR}/messages/tracker.hpp")
endfunction()

# Lets the targets of a folder, and of those below it, use the book, unless they
# have precompiled headers of their own.
function(orc_reuse_book folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    get_target_property(own ${target} PRECOMPILE_HEADERS)
    get_target_property(reused ${target} PRECOMPILE_HEADERS_REUSE_FROM)
    if(type MATCHES "_LIBRARY$|EXECUTABLE" AND NOT own AND NOT reused)
      target_precompile_headers(${target} REUSE_FROM orc_book)
    endif()
  endforeach()
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(below IN LISTS folders)
    orc_reuse_book("${below}")
  endforeach()
endfunction()
