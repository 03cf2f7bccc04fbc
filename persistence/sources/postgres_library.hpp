#pragma once

#include <caf/error.hpp>

#include <libpq-fe.h>

// What is called of libpq, by its names there without `PQ`.
#define ORC_POSTGRES_FUNCTIONS(X)                                              \
  X(clear)                                                                     \
  X(conninfoFree)                                                              \
  X(conninfoParse)                                                             \
  X(connectdbParams)                                                           \
  X(connectionNeedsPassword)                                                   \
  X(describePrepared)                                                          \
  X(errorMessage)                                                              \
  X(exec)                                                                      \
  X(execPrepared)                                                              \
  X(finish)                                                                    \
  X(fname)                                                                     \
  X(ftype)                                                                     \
  X(getisnull)                                                                 \
  X(getlength)                                                                 \
  X(getvalue)                                                                  \
  X(nfields)                                                                   \
  X(nparams)                                                                   \
  X(ntuples)                                                                   \
  X(paramtype)                                                                 \
  X(pass)                                                                      \
  X(prepare)                                                                   \
  X(resultErrorField)                                                          \
  X(resultStatus)                                                              \
  X(setNoticeProcessor)                                                        \
  X(status)

namespace orc {

/// libpq, which is loaded for the first batch that reads PostgreSQL: with what
/// it brings along (LDAP, Kerberos, a second TLS) it took 8 ms of each start of
/// the program, and 3 MB.
struct postgres_library {
#define ORC_DECLARE_FUNCTION(name) decltype(&::PQ##name) name = nullptr;
  ORC_POSTGRES_FUNCTIONS(ORC_DECLARE_FUNCTION)
#undef ORC_DECLARE_FUNCTION
};

/// @returns `ec::bad_config` with what to install if there is none.
caf::error load_postgres();

/// @pre `load_postgres()`
const postgres_library& pq();

} // namespace orc
