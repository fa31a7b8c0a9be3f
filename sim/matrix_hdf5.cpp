// Matrices as datasets of HDF5 files: FILE.h5:/path/of/dataset, with attributes `units` and `long_name`.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "sim/error.hpp"
#include "sim/hdf5.hpp"
#include "sim/matrix_file.hpp"
#include "sim/registry.hpp"
#include "sim/suggest.hpp"

namespace settle {
namespace {

constexpr std::string_view endings[] = {".h5", ".hdf5", ".hdf"};

/// The path of the file and, without its leading slash, that of the dataset.
struct Place {
  std::string file, dataset;
};

Place place_of(std::string_view spec) {
  for (const std::string_view ending : endings) {
    const auto same = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
    const auto found = std::search(spec.begin(), spec.end(), ending.begin(), ending.end(), same);
    const auto length = static_cast<std::size_t>(found - spec.begin()) + ending.size();
    if (found == spec.end() || (length < spec.size() && spec[length] != ':')) continue;
    const std::string_view inside = spec.substr(std::min(length + 1, spec.size()));
    return {std::string(spec.substr(0, length)), std::string(inside.substr(std::min(inside.find_first_not_of('/'), inside.size())))};
  }
  return {};
}

herr_t collect(hid_t, const char* name, const H5O_info_t* about, void* names) {
  if (about->type == H5O_TYPE_DATASET) static_cast<std::vector<std::string>*>(names)->push_back(name);
  return 0;
}

/// "did you mean", or what there is.
std::string known_datasets(hid_t file, const std::string& wanted) {
  std::vector<std::string> names;
  H5Ovisit2(file, H5_INDEX_NAME, H5_ITER_NATIVE, collect, &names, H5O_INFO_BASIC);
  if (const std::string near = suggest(wanted, names); !wanted.empty() && !near.empty()) return near;
  if (names.empty()) return "; the file holds no dataset";
  const bool many = names.size() > 8;
  if (many) names.resize(8);
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "/" : ", /") + name;
  return fmt::format("; there {} {}{}", names.size() == 1 ? "is" : "are", list, many ? ", ..." : "");
}

bool exists(hid_t file, const std::string& path) {
  for (std::size_t at = path.find('/');; at = path.find('/', at + 1)) {
    if (H5Lexists(file, path.substr(0, at).c_str(), H5P_DEFAULT) <= 0) return false;
    if (at == std::string::npos) return true;
  }
}

hdf5::Handle open_dataset(const std::string& spec, hid_t file, const std::string& path) {
  if (path.empty()) throw Error(Fault::file, fmt::format("{}: name the dataset behind a colon{}", spec, known_datasets(file, path)));
  if (!exists(file, path)) throw Error(Fault::file, fmt::format("{}: no such dataset{}", spec, known_datasets(file, path)));
  hdf5::Handle object = hdf5::open_object(file, path);
  if (H5Iget_type(object) != H5I_DATASET) throw Error(Fault::file, fmt::format("{} is a group{}", spec, known_datasets(file, "")));
  return object;
}

void require_numbers(const std::string& spec, hid_t dataset) {
  const hdf5::Handle type = hdf5::own(H5Dget_type(dataset), "read a dataset's type");
  const H5T_class_t family = H5Tget_class(type);
  if (family == H5T_FLOAT || family == H5T_INTEGER) return;
  const char* const what = family == H5T_STRING ? "texts" : family == H5T_COMPOUND ? "records or complex numbers" : "something else";
  throw Error(Fault::file, fmt::format("{} holds {}; expected are real or whole numbers", spec, what));
}

std::string text_of(const Attributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes)
    if (const auto* text = std::get_if<std::string>(&value); text && key == name) return *text;
  return "";
}

std::pair<Index, Index> shape_of(const std::string& spec, hid_t dataset) {
  const auto shape = hdf5::shape(dataset);
  if (shape.empty() || shape.size() > 2) {
    throw Error(Fault::file, fmt::format("{} has {} dimensions; expected is a matrix (2) or a row (1)", spec, shape.size()));
  }
  const auto columns = static_cast<Index>(shape.back()), rows = shape.size() == 2 ? static_cast<Index>(shape.front()) : 1;
  if (rows == 0 || columns == 0) throw Error(Fault::file, fmt::format("{} is empty", spec));
  return {rows, columns};
}

Block<double> values_of(const std::string& spec, hid_t dataset) {
  const auto [rows, columns] = shape_of(spec, dataset);
  Block<double> values(rows, columns);
  hdf5::check(H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()), "read", spec);
  require_finite(spec, values);
  return values;
}

class Hdf5 : public MatrixFormat {
 public:
  bool owns(std::string_view spec) const override { return !place_of(spec).file.empty(); }
  std::string_view pattern() const override { return "FILE.h5:/path/of/dataset"; }

  NamedMatrix read(const std::string& spec) const override {
    const hdf5::Guard guard;
    const Opened opened = open(spec);
    const Attributes attributes = hdf5::read_attributes(opened.dataset);
    return {values_of(spec, opened.dataset), text_of(attributes, "long_name"), text_of(attributes, "units")};
  }

  std::pair<Index, Index> shape(const std::string& spec) const override {
    const hdf5::Guard guard;
    return shape_of(spec, open(spec).dataset);
  }

  void write(const std::string& spec, const NamedMatrix& matrix) const override {
    const Place place = place_of(spec);
    if (place.dataset.empty()) throw Error(Fault::usage, fmt::format("{}: name the dataset behind a colon, such as {}:/g", spec, place.file));
    const hdf5::Guard guard;
    const bool old = std::filesystem::exists(place.file);
    if (old && H5Fis_hdf5(place.file.c_str()) <= 0) throw Error(Fault::file, fmt::format("'{}' is not an HDF5 file; it is left alone", place.file));
    hdf5::Handle file = old ? hdf5::open_file(place.file, H5F_ACC_RDWR) : hdf5::create_file(place.file);
    if (exists(file, place.dataset)) {
      open_dataset(spec, file, place.dataset);  // a group of that name is not replaced
      hdf5::check(H5Ldelete(file, place.dataset.c_str(), H5P_DEFAULT), "replace", spec);
    }
    add_dataset(file, place.dataset, matrix);
    hdf5::close_file(file, place.file);
  }

 private:
  struct Opened {
    hdf5::Handle file, dataset;
  };
  /// A dataset of numbers.
  static Opened open(const std::string& spec) {
    const Place place = place_of(spec);
    require_file(place.file);
    if (H5Fis_hdf5(place.file.c_str()) <= 0) throw Error(Fault::file, fmt::format("'{}' is not an HDF5 file", place.file));
    Opened opened{hdf5::open_file(place.file, H5F_ACC_RDONLY), {}};
    opened.dataset = open_dataset(spec, opened.file, place.dataset);
    require_numbers(spec, opened.dataset);
    return opened;
  }

  static void add_dataset(hid_t file, const std::string& path, const NamedMatrix& matrix) {
    const std::size_t slash = path.rfind('/');
    const hdf5::Handle group = slash == std::string::npos ? hdf5::open_object(file, "/") : hdf5::require_group(file, path.substr(0, slash));
    const auto rows = static_cast<hsize_t>(matrix.values.rows()), columns = static_cast<hsize_t>(matrix.values.cols());
    const hdf5::Handle dataset =
        hdf5::create_dataset(group, path.substr(slash == std::string::npos ? 0 : slash + 1), H5T_NATIVE_DOUBLE, hdf5::space_of({rows, columns}));
    hdf5::check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, matrix.values.data()), "write", path);
    hdf5::write_attribute(dataset, "units", matrix.unit.empty() ? "1" : matrix.unit);
    if (!matrix.name.empty()) hdf5::write_attribute(dataset, "long_name", matrix.name);
  }
};

const Registered<MatrixFormat, Hdf5> registered("h5");

}  // namespace
}  // namespace settle
