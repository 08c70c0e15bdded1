/// Results: a value, or an error with one sentence for a person.
///
/// Exceptions are for bugs and exhaustion only; whatever input or the outside world can cause comes
/// back as a Result. Five kinds, told apart by what the caller can do about them.
#pragma once

#include <cstddef>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace leat {

enum class ErrorKind {
  invalid,       ///< What was asked is wrong: ask differently (arguments, graphs, options).
  corrupt,       ///< The data is wrong: mend it, or choose a policy that skips it.
  overloaded,    ///< A limit is reached: raise it, or try again later.
  disconnected,  ///< A peer is gone: connect again.
  failed,        ///< The outside world failed (disk full, permission): mend it, then try again.
};

/// What an error is about, for whoever shows it there: nobody has to find it in the sentence. Empty, or 0:
/// it is about no such thing, or nobody has said so.
struct Subject {
  std::string graph = {};
  std::string stage = {};
  std::string option = {};  ///< of that stage
  std::string file = {};    ///< a place in a file; lines and columns count from 1
  std::size_t line = 0;
  std::size_t column = 0;

  friend bool operator==(const Subject&, const Subject&) = default;
};

/// An error: its kind, and one sentence that says what, where and what to do. Moves cheaply; as large as
/// without a subject.
struct Error {
  ErrorKind kind = ErrorKind::failed;
  bool thrown = false;  ///< user code threw it, rather than return it: a bug, and maybe gone when repeated
  std::string sentence;

  Error() = default;
  Error(ErrorKind what, std::string said, bool was_thrown = false)
      : kind(what), thrown(was_thrown), sentence(std::move(said)) {}
  Error(const Error& other);
  Error(Error&&) noexcept = default;
  Error& operator=(const Error& other) { return *this = Error(other); }
  Error& operator=(Error&&) noexcept = default;

  /// "stage parse": the same error, said of a place: "stage parse: ...".
  Error in(std::string_view place) const;
  /// The same error with `more` at the end of its sentence.
  Error and_then(std::string_view more) const;

  const Subject& subject() const;
  /// The same error with the parts of `more` that its subject does not have yet: who knew first, knew best.
  Error about(const Subject& more) const;

 private:
  std::unique_ptr<const Subject> subject_;
};

inline Error invalid(std::string s) { return {ErrorKind::invalid, std::move(s)}; }
inline Error corrupt(std::string s) { return {ErrorKind::corrupt, std::move(s)}; }
inline Error overloaded(std::string s) { return {ErrorKind::overloaded, std::move(s)}; }
inline Error disconnected(std::string s) { return {ErrorKind::disconnected, std::move(s)}; }
inline Error failed(std::string s) { return {ErrorKind::failed, std::move(s)}; }

/// An Error where no Result can be returned: in a loop over rows, in a function that returns a payload. The
/// stage it happens in fails the job with that very sentence, as if it had been returned.
///
///   if (delay < 0) throw leat::ThrownError(leat::corrupt("a negative delay"));
class ThrownError : public std::exception {
 public:
  explicit ThrownError(Error error) : error_(std::make_shared<const Error>(std::move(error))) {}

  const Error& error() const noexcept { return *error_; }
  const char* what() const noexcept override { return error_->sentence.c_str(); }

 private:
  std::shared_ptr<const Error> error_;  // an exception must be copied without throwing
};

/// A T or an Error. Moves and copies as its content does; not for sharing between threads.
/// Reading the wrong side is a bug and throws std::bad_variant_access, or std::bad_optional_access.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}

  bool ok() const noexcept { return content_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }

  T& value() & { return std::get<0>(content_); }
  const T& value() const& { return std::get<0>(content_); }
  T&& value() && { return std::get<0>(std::move(content_)); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const& { return std::get<1>(content_); }
  Error&& error() && { return std::get<1>(std::move(content_)); }

 private:
  std::variant<T, Error> content_;
};

/// Success, or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)) {}

  bool ok() const noexcept { return !error_; }
  explicit operator bool() const noexcept { return ok(); }
  const Error& error() const& { return error_.value(); }
  Error&& error() && { return std::move(error_).value(); }

 private:
  std::optional<Error> error_;
};

}  // namespace leat
