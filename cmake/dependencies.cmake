# Everything comes from Debian 12; packaging/debian-packages.txt names the packages.

find_package(Threads REQUIRED)
find_package(spdlog 1.10 REQUIRED)
find_package(fmt REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(date 3.0 REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(pq REQUIRED IMPORTED_TARGET libpq)
pkg_check_modules(sodium REQUIRED IMPORTED_TARGET libsodium)
pkg_check_modules(brotli REQUIRED IMPORTED_TARGET libbrotlienc libbrotlidec libbrotlicommon)
pkg_check_modules(nats REQUIRED IMPORTED_TARGET libnats)

# Debian's libcaf-dev ships neither a CMake config nor a pkg-config file.
include("${PROJECT_SOURCE_DIR}/cmake/package/FindCaf.cmake")
if(NOT TARGET caf::core)
  message(FATAL_ERROR "CAF was not found: install libcaf-dev")
endif()

# RapidJSON and Boost.Beast are header-only.
find_path(RAPIDJSON_INCLUDE_DIR rapidjson/document.h REQUIRED)
add_library(rapidjson INTERFACE)
target_include_directories(rapidjson SYSTEM INTERFACE "${RAPIDJSON_INCLUDE_DIR}")
target_compile_definitions(rapidjson INTERFACE RAPIDJSON_HAS_STDSTRING=1)

find_package(Boost 1.81 REQUIRED)
