# What `cmake --install` puts where, the target `uninstall` that takes it away again, and the Debian
# package (see scripts/package). Included from CMakeLists.txt.

install(FILES README.md README.zh-CN.md CHANGELOG.md CONTRIBUTING.md SECURITY.md LICENSE NOTICE
              zquant.ini
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs FILES_MATCHING
        PATTERN "*.md" PATTERN "*.svg")
# The pages point to them, and they are what one of your own begins with.
install(DIRECTORY seeds/ DESTINATION ${CMAKE_INSTALL_DOCDIR}/seeds FILES_MATCHING PATTERN "*.ini")

# Two pages of the documents are a manual page, too.
function(zq_page_to_man output summary folder)
  set(paths ${ARGN})
  list(TRANSFORM paths PREPEND ${PROJECT_SOURCE_DIR}/)
  add_custom_command(OUTPUT ${output} VERBATIM WORKING_DIRECTORY ${PROJECT_SOURCE_DIR}
                     DEPENDS ${paths} ${PROJECT_SOURCE_DIR}/scripts/lib/page-to-man
                     COMMAND scripts/lib/page-to-man zquant-revision 5 ${summary}
                             ${PROJECT_VERSION} ${ARGN} > ${output})
  string(MAKE_C_IDENTIFIER "manual-${ARGN}" target)
  add_custom_target(${target} ALL DEPENDS ${output})
  install(FILES ${output} DESTINATION ${folder})
endfunction()
zq_page_to_man(${PROJECT_BINARY_DIR}/zquant-revision.5 "the file of a revision"
               ${CMAKE_INSTALL_MANDIR}/man5 docs/revisions.md docs/making-revisions.md)
zq_page_to_man(${PROJECT_BINARY_DIR}/zh_CN/zquant-revision.5 "修订文件"
               ${CMAKE_INSTALL_MANDIR}/zh_CN/man5 docs/revisions.zh-CN.md docs/making-revisions.zh-CN.md)

# The units name the programs where they are installed.
file(GLOB ZQ_UNITS CONFIGURE_DEPENDS packaging/systemd/*.in)
foreach(unit ${ZQ_UNITS})
  get_filename_component(name ${unit} NAME_WLE)
  configure_file(${unit} ${PROJECT_BINARY_DIR}/systemd/${name} @ONLY)
  install(FILES ${PROJECT_BINARY_DIR}/systemd/${name}
          DESTINATION ${CMAKE_INSTALL_PREFIX}/lib/systemd/system)
endforeach()

# Only a package owns /etc: by hand, the sample among the documents is yours to copy.
option(ZQ_PACKAGE "Install what a package has besides: /etc/zquant and the copyright" OFF)
if(ZQ_PACKAGE)
  install(FILES zquant.ini DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/zquant)
  install(FILES packaging/debian/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/zquant-init)
endif()

add_custom_target(uninstall COMMAND ${CMAKE_COMMAND} -DBUILD=${PROJECT_BINARY_DIR}
                  -P ${PROJECT_SOURCE_DIR}/packaging/uninstall.cmake VERBATIM)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME zquant-init)
set(CPACK_PACKAGE_CONTACT "zquant-init maintainers <zquant-init@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "make and migrate the database of zquant")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "zquant-init makes a MySQL or MariaDB database ready for zquant, a platform for
quantitative trading: once on a fresh host, at every start, after a disaster.
zquant-migrate carries it from release to release, and tells whether it is
exactly what a release wants.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# The linker writes relocations as glibc reads them from 2.36 on.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libc6 (>= 2.36)")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "mariadb-server | mysql-server")
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
foreach(script conffiles postinst prerm postrm)
  list(APPEND CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
       ${PROJECT_SOURCE_DIR}/packaging/debian/${script})
endforeach()
include(CPack)
