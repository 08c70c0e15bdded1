/// A job as one screen of text: a line a stage, with what it does and what it waits for. Pure.
#pragma once

#include <leat/diagnosis/snapshot.hpp>

#include <cstddef>
#include <string>

namespace leat {

/// What happened from one snapshot of a job to a later one of it: `after`, with the times of its cells and channels
/// those in between. What began in between counts from its beginning.
JobSnapshot between(const JobSnapshot& before, const JobSnapshot& after);

/// At most `rows` lines of at most `columns` columns, each with its end: `title`, headings, then the stages in the
/// graph's order. For each its share of busy time, the greatest share of waiting of its cells and for what, how much
/// of the windows before it is full, its replicas. What there is no room for is left out, from the right and from the
/// end; of stages that are left out the number is said. What is not known is "–". Shares are those of the times in
/// `snapshot`: of all of a job's time, or of what between() gives.
std::string frame(const std::string& title, const JobSnapshot& snapshot, std::size_t columns, std::size_t rows);

}  // namespace leat
