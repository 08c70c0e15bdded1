/// Files of JSON lines: what the sources that read them have in common.
#pragma once

#include <leat/actor/description.hpp>
#include <leat/actors/input/record_blocks.hpp>
#include <leat/actors/json/blocks.hpp>
#include <leat/graph/options_of.hpp>

namespace leat::json {

inline constexpr std::size_t kMostBlock = 256 * 1024 * 1024;
inline constexpr double kMostWindowBytes = 2147483648;  ///< what zstd has at most

RecordBlocks::Sizes sizes_of(const BlockOptions& options);

/// Where lines end; a row is one that is not blank. Errors: one that is longer than `most` bytes.
Result<RecordBlocks::Cut> cut_objects(const RecordBlocks::Piece& piece, std::size_t most);

/// Opens the files, looks at the beginning of each and describes its blocks. Errors: json/blocks.hpp's.
Result<Description> probe_files(RecordBlocks& blocks);

/// Adds the options of how files are read to those of a source.
template <class S>
OptionsOf<S> with_block_options(OptionsOf<S> options) {
  return options
      .takes(&S::block_bytes,
             {.name = "block_bytes",
              .type = OptionType::bytes,
              .sentence = "memory of one block",
              .unit = "bytes",
              .least = 64,
              .most = kMostBlock})
      .takes(&S::max_line, {.name = "max_line",
                            .type = OptionType::bytes,
                            .sentence = "longest line",
                            .unit = "bytes",
                            .least = 64,
                            .most = kMostBlock})
      .takes(&S::max_window, {.name = "max_window",
                              .type = OptionType::bytes,
                              .sentence = "largest window of a zstd file",
                              .unit = "bytes",
                              .least = 1024,
                              .most = kMostWindowBytes});
}

}  // namespace leat::json
