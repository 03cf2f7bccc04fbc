cmake_minimum_required(VERSION 3.22)

# Fails when a file includes what its layer must not know, or defines a type whose
# name is taken. These lists are the architecture; docs/architecture.md gives the
# reasons.
set(messages_may_include "messages/|caf/|fmt/|spdlog/")
set(messages_json_may_include "messages/|caf/|fmt/|rapidjson/")
# date: the time zones of C++20, which GCC 12 has not.
set(actors_may_include "actors/|messages/|caf/|fmt/|date/tz.h")
set(transport_may_include "transport/|messages/|caf/|fmt/|boost/|openssl/|zlib.h|brotli/|nats/|sys/|netinet/|arpa/|fcntl.h|unistd.h|poll.h")
set(persistence_may_include "persistence/|messages/|caf/|fmt/|libpq-fe.h|dlfcn.h|sqlite3|sodium|openssl/|zlib.h|sys/|fcntl.h|unistd.h")
set(embedding_may_include "embedding/|actors/|transport/|persistence/|messages/|caf/|fmt/|spdlog/")
set(emulator_may_include "emulator/|transport/http/|transport/asio/|transport/process/spawn.hpp|messages/base/|messages/json/read_document.hpp|fmt/|rapidjson/|openssl/|zlib.h|sys/|fcntl.h|unistd.h|signal.h|spawn.h|dirent.h|poll.h|netinet/|arpa/|linux/")
set(app_may_include "app/|embedding/|actors/|transport/|persistence/|emulator/|messages/|caf/|fmt/|spdlog/|CLI/|toml|sys/|fcntl.h|spawn.h|unistd.h|signal.h|termios.h|poll.h")

function(check_file layer file)
  # Everything with a slash or an extension; the rest is the standard library.
  file(STRINGS "${file}" includes REGEX "^#include [<\"][^>\"]*[/.]")
  foreach(include IN LISTS includes)
    if(NOT include MATCHES "[<\"](${${layer}_may_include})")
      message(SEND_ERROR "${layer} must not know this: ${include} in ${file}")
    endif()
  endforeach()
endfunction()

# Two types of one name are one to the linker: whichever code for it comes first
# serves both.
function(check_names file)
  file(STRINGS "${file}" lines
    REGEX "^(namespace [a-z_:]+ {|(struct|class|enum class) [a-z0-9_:]+[^;<]*{)")
  set(space "")
  foreach(line IN LISTS lines)
    if(line MATCHES "^namespace ([a-z_:]+)")
      set(space "${CMAKE_MATCH_1}")
      continue()
    endif()
    string(REGEX REPLACE "^(struct|class|enum class) ([a-z0-9_:]+).*" "\\2" name "${line}")
    get_property(other GLOBAL PROPERTY "type ${space}::${name}")
    if(other)
      message(SEND_ERROR "Two types are called ${space}::${name}: in ${other} and ${file}")
    endif()
    set_property(GLOBAL PROPERTY "type ${space}::${name}" "${file}")
  endforeach()
endfunction()

foreach(layer IN ITEMS messages actors transport persistence embedding emulator app)
  file(GLOB_RECURSE files "${ROOT}/${layer}/*.hpp" "${ROOT}/${layer}/*.cpp")
  foreach(file IN LISTS files)
    if(file MATCHES "/messages/json/")
      check_file(messages_json "${file}")
    else()
      check_file(${layer} "${file}")
    endif()
    if(file MATCHES "\\.hpp$")
      check_names("${file}")
    endif()
    # Boost stays out of headers: whoever includes one would compile for a minute.
    file(STRINGS "${file}" boost REGEX "^#include <boost/")
    if(boost AND (NOT layer STREQUAL "transport"))
      message(SEND_ERROR "Only transport may include Boost: ${file}")
    endif()
  endforeach()
endforeach()
