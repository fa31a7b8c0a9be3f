// HDF5 with handles that close themselves and errors that are exceptions.
#include "sim/hdf5.hpp"

#include <hdf5_hl.h>

#include <algorithm>

#include "sim/error.hpp"
#include "sim/utf8.hpp"

namespace settle::hdf5 {
namespace {

std::recursive_mutex& library() {
  static std::recursive_mutex mutex;
  return mutex;
}

constexpr unsigned ordered = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;

herr_t innermost(unsigned, const H5E_error2_t* error, void* text) {
  if (auto& reason = *static_cast<std::string*>(text); reason.empty() && error->desc) reason = error->desc;
  return 0;
}

// What files and groups are created with. Attributes stay in the object's header and out of a heap: see reserve().
Handle container(hid_t kind) {
  Handle list = own(H5Pcreate(kind), "create container property list");
  check(H5Pset_link_creation_order(list, ordered), "keep link order");
  check(H5Pset_attr_creation_order(list, ordered), "keep attribute order");
  check(H5Pset_attr_phase_change(list, 1000, 900), "keep attributes in the header");
  return list;
}

Handle version_110() {
  Handle list = own(H5Pcreate(H5P_FILE_ACCESS), "create file access list");
  check(H5Pset_libver_bounds(list, H5F_LIBVER_V110, H5F_LIBVER_V110), "set format version");
  check(H5Pset_fclose_degree(list, H5F_CLOSE_STRONG), "set close degree");
  return list;
}

// The library clears a megabyte for every conversion of texts unless told how much these need.
Handle small_conversion(std::size_t texts) {
  Handle list = own(H5Pcreate(H5P_DATASET_XFER), "create transfer list");
  check(H5Pset_buffer(list, std::clamp<std::size_t>(32 * texts, 1024, 1 << 20), nullptr, nullptr), "set conversion buffer");
  return list;
}

}  // namespace

Guard::Guard() : lock_(library()) {
  thread_local const herr_t quiet = H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  static_cast<void>(quiet);
}

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this != &other) {
    close();
    id_ = std::exchange(other.id_, H5I_INVALID_HID);
  }
  return *this;
}

void Handle::close() noexcept {
  if (open()) H5Idec_ref(id_);
  id_ = H5I_INVALID_HID;
}

void fail(std::string_view action, std::string_view object) {
  std::string reason;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, innermost, &reason);
  H5Eclear2(H5E_DEFAULT);
  std::string text = "HDF5 cannot " + std::string(action);
  if (!object.empty()) text += " '" + std::string(object) + "'";
  throw Error(Fault::file, reason.empty() ? text : text + ": " + reason);
}

Handle create_file(const std::string& path) {
  return own(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, container(H5P_FILE_CREATE), version_110()), "create file", path);
}

Handle open_file(const std::string& path, unsigned flags) {
  return own(H5Fopen(path.c_str(), flags, version_110()), "open file", path);
}

void close_file(Handle& file, const std::string& path) {
  const bool flushed = H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0;
  if (!flushed || H5Fclose(file) < 0) fail("finish writing file", path);
  file.release();
}

Handle require_group(hid_t parent, const std::string& path) {
  const auto slash = path.find('/');
  const std::string head = path.substr(0, slash);
  const bool exists = check(H5Lexists(parent, head.c_str(), H5P_DEFAULT), "look for group", head) > 0;
  Handle group = exists ? open_object(parent, head)
                        : own(H5Gcreate2(parent, head.c_str(), H5P_DEFAULT, container(H5P_GROUP_CREATE), H5P_DEFAULT), "create group", head);
  return slash == std::string::npos ? std::move(group) : require_group(group, path.substr(slash + 1));
}

Handle open_object(hid_t parent, const std::string& path) {
  return own(H5Oopen(parent, path.c_str(), H5P_DEFAULT), "open", path);
}

Handle chunked(const std::vector<hsize_t>& shape, bool deflate) {
  Handle list = own(H5Pcreate(H5P_DATASET_CREATE), "create dataset property list");
  check(H5Pset_attr_creation_order(list, ordered), "keep attribute order");
  check(H5Pset_chunk(list, static_cast<int>(shape.size()), shape.data()), "set chunk shape");
  if (deflate) {
    check(H5Pset_shuffle(list), "set the shuffle filter");
    check(H5Pset_deflate(list, 1), "set the deflate filter");
  }
  return list;
}

Handle create_dataset(hid_t parent, const std::string& name, hid_t type, hid_t space, hid_t properties) {
  return own(H5Dcreate2(parent, name.c_str(), type, space, H5P_DEFAULT, properties, H5P_DEFAULT), "create dataset", name);
}

Handle space_of(const std::vector<hsize_t>& shape, bool unlimited_rows) {
  if (shape.empty()) return own(H5Screate(H5S_SCALAR), "create scalar space");
  std::vector<hsize_t> largest = shape;
  if (unlimited_rows) largest[0] = H5S_UNLIMITED;
  return own(H5Screate_simple(static_cast<int>(shape.size()), shape.data(), largest.data()), "create space");
}

Handle complex_type() {
  Handle type = own(H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)), "create complex type");
  check(H5Tinsert(type, "r", 0, H5T_NATIVE_DOUBLE), "name the real part");
  check(H5Tinsert(type, "i", sizeof(double), H5T_NATIVE_DOUBLE), "name the imaginary part");
  return type;
}

Handle text_type() {
  Handle type = own(H5Tcopy(H5T_C_S1), "create text type");
  check(H5Tset_size(type, H5T_VARIABLE), "set text length");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "set text encoding");
  return type;
}

void write_text(hid_t parent, const std::string& name, const std::string& text) {
  const Handle type = text_type();
  const Handle dataset = create_dataset(parent, name, type, space_of({}));
  const std::string encoded = to_utf8(text);
  const char* const pointer = encoded.c_str();
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, small_conversion(1), &pointer), "write text", name);
}

Handle write_labels(hid_t parent, const std::string& name, const std::vector<std::string>& labels) {
  const Handle type = text_type();
  Handle dataset = create_dataset(parent, name, type, space_of({labels.size()}));
  std::vector<std::string> encoded;
  for (const auto& label : labels) encoded.push_back(to_utf8(label));
  std::vector<const char*> pointers;
  for (const auto& label : encoded) pointers.push_back(label.c_str());
  check(H5Dwrite(dataset, type, H5S_ALL, H5S_ALL, small_conversion(labels.size()), pointers.data()), "write labels", name);
  check(H5DSset_scale(dataset, name.c_str()), "make a dimension scale of", name);
  return dataset;
}

std::vector<hsize_t> shape(hid_t dataset) {
  const Handle space = own(H5Dget_space(dataset), "read a dataset's space");
  std::vector<hsize_t> result(static_cast<std::size_t>(check(H5Sget_simple_extent_ndims(space), "read a dataset's rank")));
  check(H5Sget_simple_extent_dims(space, result.data(), nullptr), "read a dataset's shape");
  return result;
}

std::vector<std::string> read_texts(hid_t dataset) {
  const Handle type = text_type();
  const Handle space = own(H5Dget_space(dataset), "read a dataset's space");
  std::vector<char*> pointers(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)), nullptr);
  check(H5Dread(dataset, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), "read texts");
  std::vector<std::string> result;
  for (const char* text : pointers) result.emplace_back(text ? text : "");
  H5Dvlen_reclaim(type, space, H5P_DEFAULT, pointers.data());
  return result;
}

bool is_complex(hid_t dataset) {
  const Handle type = own(H5Dget_type(dataset), "read a dataset's type");
  return H5Tget_class(type) == H5T_COMPOUND;
}

std::vector<double> read_rows(hid_t dataset, hsize_t first, hsize_t count) {
  auto extent = shape(dataset);
  extent[0] = count;
  std::vector<hsize_t> start(extent.size(), 0);
  start[0] = first;
  const Handle source = own(H5Dget_space(dataset), "read a dataset's space");
  check(H5Sselect_hyperslab(source, H5S_SELECT_SET, start.data(), nullptr, extent.data(), nullptr), "select rows");
  std::size_t doubles = is_complex(dataset) ? 2 : 1;
  for (const hsize_t n : extent) doubles *= n;
  std::vector<double> result(doubles);
  if (doubles == 0) return result;
  const Handle pair = complex_type();
  const hid_t memory = is_complex(dataset) ? hid_t{pair} : H5T_NATIVE_DOUBLE;
  check(H5Dread(dataset, memory, space_of(extent), source, H5P_DEFAULT, result.data()), "read rows");
  return result;
}

std::vector<std::string> links(hid_t group) {
  std::vector<std::string> result;
  const auto add = [](hid_t, const char* name, const H5L_info_t*, void* names) -> herr_t {
    static_cast<std::vector<std::string>*>(names)->push_back(name);
    return 0;
  };
  if (H5Literate(group, H5_INDEX_CRT_ORDER, H5_ITER_INC, nullptr, add, &result) < 0) {
    result.clear();
    check(H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &result), "list a group");
  }
  return result;
}

}  // namespace settle::hdf5
