// Writing a checkpoint beside the old one, then renaming it.
#include "learning/checkpoint.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "sim/error.hpp"
#include "sim/hdf5.hpp"

namespace settle {
namespace {

void write_numbers(hid_t parent, const std::string& name, const double* data, const std::vector<hsize_t>& shape) {
  hdf5::Handle dataset = hdf5::create_dataset(parent, name, H5T_NATIVE_DOUBLE, hdf5::space_of(shape));
  hsize_t count = 1;
  for (const hsize_t n : shape) count *= n;
  if (count > 0) hdf5::check(H5Dwrite(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, data), "write", name);
}

std::vector<double> read_numbers(hid_t parent, const std::string& name) {
  const hdf5::Handle dataset = hdf5::open_object(parent, name);
  const std::vector<hsize_t> shape = hdf5::shape(dataset);
  return shape.empty() || shape[0] == 0 ? std::vector<double>{} : hdf5::read_rows(dataset, 0, shape[0]);
}

double number(const Attributes& attributes, const std::string& name) {
  for (const auto& [known, value] : attributes)
    if (known == name) return std::get<double>(value);
  throw Error(Fault::file, "there is no attribute '" + name + "'");
}

}  // namespace

void write_checkpoint(const std::string& file, const Checkpoint& checkpoint) {
  const std::string fresh = file + ".new";
  {
    const hdf5::Guard guard;
    hdf5::Handle out = hdf5::create_file(fresh);
    hdf5::write_attributes(out, {{"key", checkpoint.key}, {"epochs", static_cast<double>(checkpoint.epochs)}, {"updates", static_cast<double>(checkpoint.updates)}});
    write_numbers(out, "history", checkpoint.history.data(), {static_cast<hsize_t>(checkpoint.history.rows()), static_cast<hsize_t>(checkpoint.history.cols())});
    const hdf5::Handle memory = hdf5::require_group(out, "memory");
    for (const auto& [name, values] : checkpoint.memory) write_numbers(memory, name, values.data(), {values.size()});
    hdf5::check(H5Fflush(out, H5F_SCOPE_GLOBAL), "flush", fresh);
    hdf5::close_file(out, fresh);
  }
  std::error_code failed;
  std::filesystem::rename(fresh, file, failed);
  if (failed) throw Error(Fault::file, fmt::format("the checkpoint '{}' cannot be replaced: {}", file, failed.message()));
}

std::optional<Checkpoint> read_checkpoint(const std::string& file) {
  std::error_code unknown;
  if (!std::filesystem::exists(file, unknown)) return {};
  try {
    const hdf5::Guard guard;
    const hdf5::Handle in = hdf5::open_file(file, H5F_ACC_RDONLY);
    const Attributes attributes = hdf5::read_attributes(in);
    Checkpoint checkpoint;
    for (const auto& [name, value] : attributes)
      if (name == "key") checkpoint.key = std::get<std::string>(value);
    checkpoint.epochs = static_cast<long>(number(attributes, "epochs")), checkpoint.updates = static_cast<long>(number(attributes, "updates"));
    const hdf5::Handle history = hdf5::open_object(in, "history");
    const std::vector<hsize_t> shape = hdf5::shape(history);
    checkpoint.history.resize(static_cast<Index>(shape.at(0)), static_cast<Index>(shape.at(1)));
    const std::vector<double> rows = read_numbers(in, "history");
    std::copy(rows.begin(), rows.end(), checkpoint.history.data());
    const hdf5::Handle memory = hdf5::open_object(in, "memory");
    for (const std::string& name : hdf5::links(memory)) checkpoint.memory.emplace_back(name, read_numbers(memory, name));
    return checkpoint;
  } catch (const std::exception& error) {
    throw Error(Fault::file, fmt::format("'{}' is no checkpoint of a training: {}", file, error.what()));
  }
}

}  // namespace settle
