#pragma once

#include "messages/base/error.hpp"

#include <caf/expected.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace orc::app {

enum class items_format : unsigned char { ndjson, json, csv };

/// @returns the format called so, else the one that the name of a file asks
///          for, else `ndjson`.
items_format format_of(const std::string& name, const std::string& file);

/// @returns how the platform calls the format in which pages are to be read.
std::string page_format(items_format x);

/// Merges pages of items of many datasets into one stream.
class item_writer {
public:
  virtual ~item_writer() = default;

  /// Appends a page, in the format that `page_format` says.
  virtual void add(std::string_view page) = 0;

  /// Writes what must stand at the end.
  virtual void finish() = 0;
};

/// Where text goes; remembers the first failure.
class text_sink {
public:
  virtual ~text_sink() = default;
  virtual void write(std::string_view text) = 0;
};

std::unique_ptr<item_writer>
make_item_writer(items_format format, text_sink& out);

} // namespace orc::app
