// Attributes of HDF5 objects: text of variable length, which h5py gives as str and not as bytes, numbers and vectors of numbers.
#include "sim/hdf5.hpp"
#include "sim/utf8.hpp"

namespace settle::hdf5 {
namespace {

constexpr char reserved[] = "reserved";

void remove(hid_t object, const std::string& name) {
  if (H5Aexists(object, name.c_str()) > 0) check(H5Adelete(object, name.c_str()), "remove attribute", name);
}

void write(hid_t object, const std::string& name, hid_t type, hid_t space, const void* data) {
  const Handle attribute = own(H5Acreate2(object, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT), "create attribute", name);
  check(H5Awrite(attribute, type, data), "write attribute", name);
}

// Text whose bytes are part of the attribute; of variable length they would lie in a heap elsewhere in the file.
void write_inline(hid_t object, const std::string& name, const std::string& text) {
  const std::string encoded = to_utf8(text);
  const Handle type = own(H5Tcopy(H5T_C_S1), "create text type");
  check(H5Tset_size(type, encoded.size() + 1), "set text length");
  check(H5Tset_cset(type, H5T_CSET_UTF8), "set text encoding");
  write(object, name, type, space_of({}), encoded.c_str());
}

struct Writer {
  hid_t object;
  const std::string& name;

  void operator()(const std::string& text) const {
    const std::string encoded = to_utf8(text);
    const char* const pointer = encoded.c_str();
    write(object, name, text_type(), space_of({}), &pointer);
  }
  void operator()(double value) const { write(object, name, H5T_NATIVE_DOUBLE, space_of({}), &value); }
  void operator()(std::int64_t value) const { write(object, name, H5T_NATIVE_INT64, space_of({}), &value); }
  void operator()(const std::vector<double>& values) const {
    write(object, name, H5T_NATIVE_DOUBLE, space_of({values.size()}), values.data());
  }
};

std::string read_text(hid_t attribute, hid_t type) {
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    check(H5Aread(attribute, type, &text), "read a text attribute");
    std::string result = text ? text : "";
    H5free_memory(text);
    return result;
  }
  std::string result(H5Tget_size(type), '\0');
  check(H5Aread(attribute, type, result.data()), "read a text attribute");
  return result.substr(0, result.find('\0'));
}

Attribute read_value(hid_t attribute) {
  const Handle type = own(H5Aget_type(attribute), "read an attribute's type");
  const Handle space = own(H5Aget_space(attribute), "read an attribute's space");
  const auto points = static_cast<std::size_t>(H5Sget_simple_extent_npoints(space));
  const H5T_class_t family = H5Tget_class(type);
  if (family == H5T_STRING && points == 1) return read_text(attribute, type);
  if (family == H5T_INTEGER && points == 1) {
    std::int64_t value = 0;
    check(H5Aread(attribute, H5T_NATIVE_INT64, &value), "read a whole-number attribute");
    return value;
  }
  if (family != H5T_FLOAT) return std::string("(not a number or text)");
  std::vector<double> values(points);
  check(H5Aread(attribute, H5T_NATIVE_DOUBLE, values.data()), "read a number attribute");
  if (H5Sget_simple_extent_type(space) == H5S_SCALAR) return values[0];
  return values;
}

// What dimension scales and the trace keep for themselves tells a reader nothing.
bool internal(std::string_view name) {
  return name == "CLASS" || name == "NAME" || name == "DIMENSION_LIST" || name == "REFERENCE_LIST" || name == reserved;
}

std::string name_of(hid_t attribute) {
  std::string name(static_cast<std::size_t>(check(H5Aget_name(attribute, 0, nullptr), "read an attribute's name")), '\0');
  H5Aget_name(attribute, name.size() + 1, name.data());
  return name;
}

}  // namespace

void reserve(hid_t object, std::size_t bytes) {
  const std::vector<unsigned char> nothing(bytes, 0);
  write(object, reserved, H5T_NATIVE_UINT8, space_of({bytes}), nothing.data());
}

void write_last_attributes(hid_t object, const Attributes& attributes) {
  remove(object, reserved);
  for (const auto& [name, value] : attributes) {
    remove(object, name);
    if (const auto* text = std::get_if<std::string>(&value)) {
      write_inline(object, name, *text);
    } else {
      write_attribute(object, name, value);
    }
  }
}

void write_attribute(hid_t object, const std::string& name, const Attribute& value) {
  remove(object, name);
  std::visit(Writer{object, name}, value);
}

void write_attributes(hid_t object, const Attributes& attributes) {
  for (const auto& [name, value] : attributes) write_attribute(object, name, value);
}

Attributes read_attributes(hid_t object) {
  H5O_info_t about;
  check(H5Oget_info2(object, &about, H5O_INFO_NUM_ATTRS), "count attributes");
  Attributes result;
  for (hsize_t k = 0; k < about.num_attrs; ++k) {
    const Handle attribute = own(
        H5Aopen_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC, k, H5P_DEFAULT, H5P_DEFAULT), "open an attribute");
    if (const std::string name = name_of(attribute); !internal(name)) result.emplace_back(name, read_value(attribute));
  }
  return result;
}

}  // namespace settle::hdf5
