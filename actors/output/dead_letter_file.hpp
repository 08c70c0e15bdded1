/// Dead letters as files, staged like output.
///
///   leat::run(graph, {.dead_letters = leat::dead_letter_folder("dead-letters")});
///   auto letters = leat::read_dead_letters("dead-letters/regression-1f....letters", *pool);
///
/// Contract. A job's letters are one file in the folder, "NAME.letters", which is there once the job has
/// committed, if it had any; the folder is made then. A letter is a schema::DeadLetter, unpacked; the file ends with a
/// checksum. Errors, one sentence each with the path: as StagedFile; what is no regular file, no file of letters, cut,
/// or changed in any byte.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <leat/actor/dead_letters.hpp>

namespace leat {

/// For RunOptions::dead_letters and NodeOptions::dead_letters.
DeadLetterPlace dead_letter_folder(std::string folder);

/// All letters of a file, in the order in which they were put aside. Threads: any.
Result<std::vector<DeadLetter>> read_dead_letters(const std::string& path, Pool& pool);

}  // namespace leat
