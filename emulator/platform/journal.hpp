#pragma once

#include "emulator/api/json.hpp"
#include "emulator/storage/disk.hpp"

#include <functional>
#include <string>
#include <string_view>

namespace orc::emulator {

struct run;

/// Keeps what the platform knows on disk: a file a kind of thing (`runs`,
/// `tasks`, ...), a line a change, of which the last one of each id counts.
/// Does nothing without a folder.
class journal {
public:
  explicit journal(disk files) : disk_(std::move(files)) {
    // nop
  }

  bool enabled() const noexcept {
    return disk_.enabled();
  }

  /// @param json an object with a member `id`
  void save(std::string_view kind, std::string_view json) const;

  void remove(std::string_view kind, std::string_view id) const;

  /// Keeps the log of a run that has finished.
  void save_log(const run& x) const;

  std::string load_log(std::string_view run_id) const;

  /// Calls `f` with each thing of a kind, in the order of their first lines,
  /// and makes the file as small as it can be.
  void load(std::string_view kind,
            const std::function<void(const json_value&)>& f) const;

  /// Removes everything.
  void clear() const;

private:
  disk disk_;
};

} // namespace orc::emulator
