/// Sources of Tables that are made of blocks of whole records, one Table a pull.
///
///   class Lines final : public leat::BlockTables {
///    public:
///     Lines(InputPaths paths) : BlockTables(std::move(paths), {}, cut_lines) {}
///     Result<Description> probe() override { ... blocks_.open(look) ... }
///
///    private:
///     Result<Step> make(const Chunk& block, std::uint64_t& position, Outbox& out) override { ... }
///   };
///
/// The block in hand is its state besides what RecordBlocks holds: state() says both. Threads: as Source.
#pragma once

#include <leat/actor/source.hpp>
#include <leat/actors/input/record_blocks.hpp>

namespace leat {

class BlockTables : public Source {
 public:
  Result<Step> pull(Outbox& out) final;
  Result<std::optional<SourcePosition>> position() const final;
  Result<void> seek(const SourcePosition& to) final;
  Extent extent() const final { return blocks_.extent(); }

 protected:
  BlockTables(InputPaths paths, RecordBlocks::Sizes sizes, RecordBlocks::CutText cut)
      : blocks_(std::move(paths), sizes), cut_(std::move(cut)) {}

  /// Emits the next Table of a block, from `position` on, which is 0 at first; `more` where there is more of it.
  virtual Result<Step> make(const Chunk& block, std::uint64_t& position, Outbox& out) = 0;

  /// Once open: heap held between pulls, at most.
  std::uint64_t state() const;

  RecordBlocks blocks_;

 private:
  RecordBlocks::CutText cut_;
  Chunk block_;
  std::uint64_t at_ = 0;                // in it, or in the next one
  Step after_ = Step::more;             // what pulling it said
  std::optional<SourcePosition> from_;  // where it was pulled
};

}  // namespace leat
