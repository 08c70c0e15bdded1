#include <leat/checkpoint/cut_parts.hpp>

#include <leat/checkpoint/cut_file.hpp>
#include <leat/checkpoint/journal.hpp>

#include <algorithm>
#include <iterator>
#include <system_error>

namespace leat {
namespace {

namespace fs = std::filesystem;

template <class List>
void join(List& all, List more) {
  all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace

fs::path part_file(const fs::path& folder, CutId cut, std::uint32_t node) {
  return folder / "cuts" / (std::to_string(cut.first) + "-" + std::to_string(cut.second) + "-" + std::to_string(node));
}

Result<CutPart> write_part(const fs::path& folder, const Cut& cut, std::uint32_t node) {
  auto wrote = write_cut(cut, part_file(folder, {cut.epoch, cut.n}, node));
  if (!wrote) return std::move(wrote).error();
  return CutPart{node, wrote->bytes, wrote->checksum};
}

Result<Cut> read_parts(const fs::path& folder, const Manifest& manifest, Pool& pool) {
  Cut whole{manifest.epoch, manifest.n, {}, {}, {}};
  for (const CutPart& part : manifest.parts) {
    auto read = read_cut(part_file(folder, {manifest.epoch, manifest.n}, part.node), {part.bytes, part.checksum}, pool);
    if (!read) return std::move(read).error();
    join(whole.stages, std::move(read->stages));
    join(whole.sources, std::move(read->sources));
    join(whole.edges, std::move(read->edges));
  }
  return whole;
}

Result<void> sees_store(const fs::path& folder, const std::string& job, std::uint32_t epoch) {
  auto there = [&]() -> Result<bool> {
    std::error_code error;
    if (!fs::is_directory(folder / "journal", error)) return false;
    auto journal = Journal::open(folder / "journal");
    if (!journal) return std::move(journal).error();
    return std::any_of(journal->records().begin(), journal->records().end(), [&](const JournalRecord& record) {
      auto* began = std::get_if<journal::Began>(&record);
      return began && began->job == job && began->epoch == epoch;
    });
  }();
  if (!there) return std::move(there).error();
  if (*there) return {};
  return invalid("the folder for checkpoints " + folder.string() +
                 " is another here than where the job was submitted: give one that all machines share, under the same path");
}

}  // namespace leat
