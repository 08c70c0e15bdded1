#include <leat/actors/output/sink_state.hpp>

#include <leat/schemas/csv.capnp.h>

namespace leat {

SinkState::SinkState(const Chunk& chunk) {
  auto root = chunk.root<schema::CsvWritten>();
  bytes = root.getBytes();
  sealed = {root.getJob().cStr(), root.getEpoch(), root.getN(), static_cast<std::size_t>(root.getReplica())};
  for (capnp::uint i = 0; i < root.getNames().size(); ++i) {
    columns.push_back({root.getNames()[i].cStr(), static_cast<ColumnType>(root.getTypes()[i])});
  }
}

Chunk SinkState::chunk(Pool& pool) const {
  Building<schema::CsvWritten> building(pool, 512 + sealed.job.size() + 64 * columns.size());
  auto root = building.root();
  root.setBytes(bytes);
  root.setJob(sealed.job.c_str());
  root.setEpoch(sealed.epoch);
  root.setN(sealed.n);
  root.setReplica(sealed.replica);
  auto names = root.initNames(static_cast<capnp::uint>(columns.size()));
  auto types = root.initTypes(static_cast<capnp::uint>(columns.size()));
  for (capnp::uint i = 0; i < columns.size(); ++i) {
    names.set(i, columns[i].name.c_str());
    types.set(i, static_cast<std::uint16_t>(columns[i].type));
  }
  return std::move(building).finish();
}

}  // namespace leat
