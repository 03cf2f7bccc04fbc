# Options shared by every target.
add_library(orc_options INTERFACE)
target_include_directories(orc_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(orc_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor
  # GCC 12 sees ghosts: where CAF deserialises vectors of enumerations, and where
  # strings are put together.
  $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized -Wno-array-bounds -Wno-restrict -Wno-stringop-overread>
  $<$<BOOL:${ORC_WERROR}>:-Werror>)
target_compile_definitions(orc_options INTERFACE
  ORC_VERSION="${PROJECT_VERSION}")

if(ORC_SANITIZE)
  # CAF 0.17.6 binds a null reference in detail/init_fun_factory.hpp; RapidJSON
  # adds an offset to a null pointer in internal/stack.h and counts the leading
  # zeros of 0 in internal/diyfp.h, when it reads `0E88`.
  target_compile_options(orc_options INTERFACE
    -fsanitize=${ORC_SANITIZE} -fno-sanitize-recover=all
    -fno-sanitize=builtin,null,pointer-overflow
    -fno-omit-frame-pointer -g1)
  target_link_options(orc_options INTERFACE -fsanitize=${ORC_SANITIZE})
  # Forty programs of 300 MB: gold takes two thirds of what ld takes.
  include(CheckLinkerFlag)
  check_linker_flag(CXX -fuse-ld=gold ORC_HAS_GOLD)
  if(ORC_HAS_GOLD)
    target_link_options(orc_options INTERFACE -fuse-ld=gold)
  endif()
endif()
