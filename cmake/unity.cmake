# Where every file is to be built (asan, release), a target is compiled as one
# source: GCC makes the code of CAF's templates once instead of once a file.
# Measured with the asan preset: 740 s of processor time in place of 2,600. In
# daily work (dev) each file is compiled alone, which is quicker after an edit.
#
# So names in anonymous namespaces must differ within a target. Where short names
# are worth more, as `list`, `show` and `create` of each group of routes, files
# are compiled alone: those in a folder `routes`, generated ones, those that a target names with
# orc_alone(TARGET FILE...), and all of a target that has the property ORC_ALONE.
# A target with the property ORC_BY_FOLDER is one source a folder.
define_property(TARGET PROPERTY ORC_ALONE
  BRIEF_DOCS "Compile each file of the target alone" FULL_DOCS "See cmake/unity.cmake.")

define_property(TARGET PROPERTY ORC_BATCH
  BRIEF_DOCS "Files of a source of this target; 0 for all" FULL_DOCS "See cmake/unity.cmake.")

define_property(TARGET PROPERTY ORC_BY_FOLDER
  BRIEF_DOCS "Compile each folder of the target as one source" FULL_DOCS "See cmake/unity.cmake.")

function(orc_alone target)
  get_target_property(folder ${target} SOURCE_DIR)
  foreach(source IN LISTS ARGN)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${folder}")
    set_source_files_properties("${source}" TARGET_DIRECTORY ${target}
      PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  endforeach()
endfunction()

function(orc_group_by_folder target)
  get_target_property(top ${target} SOURCE_DIR)
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(GET source PARENT_PATH folder)
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY "${top}")
    string(MAKE_C_IDENTIFIER "in_${folder}" group)
    set_source_files_properties("${source}" TARGET_DIRECTORY ${target}
      PROPERTIES UNITY_GROUP ${group})
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

function(orc_unite_target target)
  get_target_property(alone ${target} ORC_ALONE)
  if(alone)
    return()
  endif()
  get_target_property(sources ${target} SOURCES)
  list(FILTER sources INCLUDE REGEX "(^|/)routes/|^${CMAKE_BINARY_DIR}/")
  orc_alone(${target} ${sources})
  # In parts where GCC takes minutes for the whole: orc_messages, orc_values.
  get_target_property(batch ${target} ORC_BATCH)
  if(NOT batch)
    set(batch 0)
  endif()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE ${batch})
  get_target_property(by_folder ${target} ORC_BY_FOLDER)
  if(by_folder)
    orc_group_by_folder(${target})
  endif()
  # A type of the file is no type of a header.
  target_compile_options(${target} PRIVATE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()

# Unites the targets of a folder, and of those below it.
function(orc_unite folder)
  get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
  foreach(target IN LISTS targets)
    get_target_property(type ${target} TYPE)
    if(type MATCHES "^STATIC_LIBRARY$|EXECUTABLE")
      orc_unite_target(${target})
    endif()
  endforeach()
  get_property(folders DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
  foreach(below IN LISTS folders)
    orc_unite("${below}")
  endforeach()
endfunction()
