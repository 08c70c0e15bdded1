/// What sinks share that write rows as text into one file, whole or not at all: the buffer, the transaction, and
/// where a restored one goes on.
///
///   class Lines final : public TextSink {
///    public:
///     Lines(std::string path, std::string job) : TextSink("lines", std::move(path), std::move(job)) {}
///     Result<Step> visit(Visit& visit, Outbox&) override {
///       buffer_ += line_of(visit);
///       if (auto wrote = flush_if_full(); !wrote) return wrote.error();
///       return Step::done;
///     }
///   };
#pragma once

#include <leat/actor/actor.hpp>
#include <leat/actor/outbox.hpp>
#include <leat/actors/output/staged_file.hpp>
#include <leat/chunk/fields.hpp>

#include <optional>
#include <string>

namespace leat {

/// Threads: as Actor. State: the buffer, kBuffer bytes charged; who writes says what may come on top of that.
class TextSink : public Actor {
 public:
  static constexpr std::size_t kBuffer = std::size_t{256} << 10;

  /// `kind`: for sentences; `path`: the file; `job`: Making::job.
  TextSink(std::string kind, std::string path, std::string job);

  /// Opens the file. Errors: StagedFile::open()'s, the budget's.
  Result<void> start(Outbox& out) override;
  /// Reports the path as "written"; an interrupted run writes nothing.
  Result<Step> finish(Ending ending, Outbox& out) override;
  /// What was sealed for earlier cuts is in the file that is sealed last.
  Result<void> seal(const OutputName& name) override;
  Result<void> commit(const OutputName& name) override { return StagedFile::commit(path_, name); }
  Result<void> abort(const OutputName& name) override { return StagedFile::abort(path_, name); }
  /// What is in the file as it was sealed, and columns_. Errors: failed where something is not sealed.
  Result<Snapshot> snapshot(Pool& pool) const override;
  Result<void> restore(const Snapshot& from, Outbox&) override;

 protected:
  Result<void> flush();
  Result<void> flush_if_full() { return buffer_.size() < kBuffer ? Result<void>() : flush(); }

  std::string buffer_;  ///< what comes next in the file
  Fields columns_;      ///< those that rows have, where all of them have the same; names and types are kept

 private:
  std::string kind_;
  std::string path_;
  std::string job_;
  std::optional<StagedFile> file_;
  std::optional<OutputName> sealed_;
  Held held_;
};

}  // namespace leat
