# The Debian package, made of a binary that is there: nothing is compiled.
# script/package calls it with ORC_BINARY and ORC_VERSION.
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME apify-orchestrator)
set(CPACK_PACKAGE_VERSION "${ORC_VERSION}")
set(CPACK_PACKAGE_VENDOR "Apify Orchestrator")
set(CPACK_PACKAGE_CONTACT "Apify Orchestrator <orchestrator@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "runs fleets of Apify Actors")
set(CPACK_PACKAGE_DESCRIPTION
"Runs fleets of Apify Actors, and work that hangs on them, inside the memory,
run slots and rate limits you have, without losing a run or starting one twice.
A service with an HTTP API, a command line, and an emulator of the platform.")

set(CPACK_INSTALL_SCRIPT "${CMAKE_CURRENT_LIST_DIR}/install.cmake")
set(CPACK_PACKAGING_INSTALL_PREFIX "/")
set(CPACK_SET_DESTDIR OFF)
set(CPACK_STRIP_FILES ON)

set(CPACK_PACKAGE_FILE_NAME "apify-orchestrator-${ORC_VERSION}")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "ca-certificates, tzdata")
# Loaded when a batch reads PostgreSQL.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS libpq5)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS prometheus)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  "${CMAKE_CURRENT_LIST_DIR}/conffiles"
  "${CMAKE_CURRENT_LIST_DIR}/postinst"
  "${CMAKE_CURRENT_LIST_DIR}/prerm"
  "${CMAKE_CURRENT_LIST_DIR}/postrm")
