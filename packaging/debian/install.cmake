# What is in the Debian package, and where it lies.
get_filename_component(root "${CMAKE_CURRENT_LIST_DIR}/../.." ABSOLUTE)
# CPack puts the folder it packs into DESTDIR, which only file(INSTALL) knows of.
set(packed "$ENV{DESTDIR}")
set(readable OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)
set(executable ${readable} OWNER_EXECUTE GROUP_EXECUTE WORLD_EXECUTE)

function(place source folder name)
  file(INSTALL DESTINATION "/${folder}" TYPE FILE PERMISSIONS ${readable}
    RENAME "${name}" FILES "${source}")
endfunction()

file(INSTALL DESTINATION "/usr/bin" TYPE FILE PERMISSIONS ${executable}
  RENAME apify-orchestrator FILES "${ORC_BINARY}")
# The one in the package says nothing of the folder that it was built in.
execute_process(COMMAND strip "${packed}/usr/bin/apify-orchestrator"
  COMMAND_ERROR_IS_FATAL ANY)

foreach(unit apify-orchestrator.service apify-orchestrator-backup.service
        apify-orchestrator-backup.timer)
  place("${root}/packaging/systemd/${unit}" usr/lib/systemd/system "${unit}")
endforeach()
place("${root}/packaging/completion/apify-orchestrator.bash"
  usr/share/bash-completion/completions apify-orchestrator)
file(MAKE_DIRECTORY "${packed}/usr/share/man/man1")
execute_process(
  COMMAND gzip -9nc "${root}/packaging/man/apify-orchestrator.1"
  OUTPUT_FILE "${packed}/usr/share/man/man1/apify-orchestrator.1.gz"
  COMMAND_ERROR_IS_FATAL ANY)

place("${root}/packaging/debian/config.toml" etc/apify-orchestrator config.toml)
place("${root}/packaging/debian/default" etc/default apify-orchestrator)
file(MAKE_DIRECTORY "${packed}/etc/apify-orchestrator/credentials")
file(CHMOD "${packed}/etc/apify-orchestrator/credentials"
  PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)

set(documents usr/share/doc/apify-orchestrator)
foreach(document README.md docs/operations.md docs/api.md
        docs/config.example.toml)
  get_filename_component(name "${document}" NAME)
  place("${root}/${document}" ${documents} "${name}")
endforeach()
place("${root}/packaging/debian/copyright" ${documents} copyright)
place("${root}/packaging/prometheus/apify-orchestrator.yml"
  ${documents}/examples apify-orchestrator-alerts.yml)
place("${root}/packaging/grafana/apify-orchestrator.json"
  ${documents}/examples apify-orchestrator-dashboard.json)
