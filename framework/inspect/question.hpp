/// What is asked of a running process, and what it answers: a line of JSON each. Pure.
///
///   {"type": "question", "version": 1, "verb": "describe", "options": {}}
///   {"type": "job", "version": 1, "number": 41, ...}
///   {"type": "error", "version": 1, "kind": "invalid", "sentence": "..."}
///
/// Two ends of different versions part with one sentence. Verbs are added without a new version; what a verb
/// answers only gains fields.
#pragma once

#include <leat/chunk/result.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace leat::inspect {

/// Two ends that differ in this do not talk.
inline constexpr int kVersion = 1;

/// Bytes of a question and of an answer, the line's end included.
inline constexpr std::size_t kMostQuestion = std::size_t{64} << 10;
inline constexpr std::size_t kMostAnswer = std::size_t{16} << 20;

struct Question {
  std::string verb;
  std::map<std::string, std::string> options = {};
};

/// As a line, its end included.
std::string question_line(const Question& question);

/// Errors: corrupt (no question), invalid (another version).
Result<Question> parse_question(std::string_view line);

/// An error as an answer, without the line's end.
std::string error_answer(const Error& error);

/// The answer as it was given, without the line's end, once it is known to be one. Errors: the one it tells; corrupt
/// (no answer), invalid (another version).
Result<std::string> checked_answer(std::string line);

}  // namespace leat::inspect
