// HDF5 with handles that close themselves and errors that are exceptions; nothing here knows what a trace is.
#pragma once

#include <hdf5.h>

#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/trace_attribute.hpp"

namespace settle::hdf5 {

/// Held round every group of calls: the library is one critical section, and its error printing is per thread.
class Guard {
 public:
  Guard();

 private:
  std::lock_guard<std::recursive_mutex> lock_;
};

/// Owns one reference to any HDF5 identifier.
class Handle {
 public:
  Handle() = default;
  explicit Handle(hid_t id) : id_(id) {}
  Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, H5I_INVALID_HID)) {}
  Handle& operator=(Handle&& other) noexcept;
  ~Handle() { close(); }

  operator hid_t() const { return id_; }
  bool open() const { return id_ >= 0; }
  void close() noexcept;
  hid_t release() { return std::exchange(id_, H5I_INVALID_HID); }

 private:
  hid_t id_ = H5I_INVALID_HID;
};

/// Throws Error(Fault::file): what was attempted and the library's innermost reason.
[[noreturn]] void fail(std::string_view action, std::string_view object = {});

template <class Result>
Result check(Result result, std::string_view action, std::string_view object = {}) {
  if (result < 0) fail(action, object);
  return result;
}

inline Handle own(hid_t id, std::string_view action, std::string_view object = {}) {
  return Handle(check(id, action, object));
}

/// A new file in the 1.10 format, which live readers need; link and attribute order are kept.
Handle create_file(const std::string& path);
Handle open_file(const std::string& path, unsigned flags);
/// Unlike the handle's destructor, reports what could not be written.
void close_file(Handle& file, const std::string& path);

/// Creates the group and its missing parents, or opens it.
Handle require_group(hid_t parent, const std::string& path);
Handle open_object(hid_t parent, const std::string& path);

/// Property list of a dataset in chunks of `shape`; deflated (after a shuffle) where asked.
Handle chunked(const std::vector<hsize_t>& shape, bool deflate);
Handle create_dataset(hid_t parent, const std::string& name, hid_t type, hid_t space, hid_t properties = H5P_DEFAULT);
Handle space_of(const std::vector<hsize_t>& shape, bool unlimited_rows = false);

/// The memory type {r, i} that readers take for a complex number.
Handle complex_type();
Handle text_type();

/// Room in an object's header for attributes that come last. A kill while they are written then cannot tear the object:
/// the header is rewritten as a whole, in place, and points to nothing that is not yet there.
void reserve(hid_t object, std::size_t bytes);
void write_last_attributes(hid_t object, const Attributes& attributes);

void write_attribute(hid_t object, const std::string& name, const Attribute& value);
void write_attributes(hid_t object, const Attributes& attributes);
Attributes read_attributes(hid_t object);

/// A scalar dataset of one text; bytes that are not UTF-8 are taken for Latin-1.
void write_text(hid_t parent, const std::string& name, const std::string& text);
/// A dimension scale of texts.
Handle write_labels(hid_t parent, const std::string& name, const std::vector<std::string>& labels);

std::vector<hsize_t> shape(hid_t dataset);
std::vector<std::string> read_texts(hid_t dataset);
/// Some rows of a dataset of numbers; two doubles for each complex one.
std::vector<double> read_rows(hid_t dataset, hsize_t first, hsize_t count);
bool is_complex(hid_t dataset);
/// Names of the links of a group in the order of their creation.
std::vector<std::string> links(hid_t group);

}  // namespace settle::hdf5
