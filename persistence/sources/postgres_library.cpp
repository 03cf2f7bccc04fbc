#include "persistence/sources/postgres_library.hpp"

#include "messages/base/error.hpp"

#include <fmt/format.h>

#include <dlfcn.h>
#include <string>

namespace orc {

namespace {

/// Has had this number since 2005; another one would have other functions.
constexpr auto postgres_soname = "libpq.so.5";

struct loaded_library {
  loaded_library() {
    auto* handle = ::dlopen(postgres_soname, RTLD_NOW | RTLD_LOCAL);
    if (handle == nullptr) {
      problem = ::dlerror();
      return;
    }
#define ORC_LOAD_FUNCTION(name) load(handle, "PQ" #name, functions.name);
    ORC_POSTGRES_FUNCTIONS(ORC_LOAD_FUNCTION)
#undef ORC_LOAD_FUNCTION
  }

  template <class F>
  void load(void* handle, const char* name, F& to) {
    to = reinterpret_cast<F>(::dlsym(handle, name));
    if (to == nullptr)
      problem = fmt::format("{} has no {}", postgres_soname, name);
  }

  postgres_library functions;
  std::string problem;
};

const loaded_library& library() {
  static const loaded_library result;
  return result;
}

} // namespace

caf::error load_postgres() {
  if (library().problem.empty())
    return {};
  return make_error(ec::bad_config,
                    fmt::format("PostgreSQL is read with libpq, which cannot "
                                "be loaded ({}): install libpq5",
                                library().problem));
}

const postgres_library& pq() {
  return library().functions;
}

} // namespace orc
