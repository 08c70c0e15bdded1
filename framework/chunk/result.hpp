/// Results: a value, or an error with one sentence for a person.
///
/// Exceptions are for bugs and exhaustion only; whatever input or the outside world can cause comes
/// back as a Result. Five kinds, told apart by what the caller can do about them.
#pragma once

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

/// An error: its kind, and one sentence that says what, where and what to do.
struct Error {
  ErrorKind kind = ErrorKind::failed;
  std::string sentence;
  bool thrown = false;  ///< user code threw it, rather than return it: a bug, and maybe gone when repeated

  /// "stage parse": the same error, said of a place: "stage parse: ...".
  Error in(std::string_view place) const;
  /// The same error with `more` at the end of its sentence.
  Error and_then(std::string_view more) const;
};

inline Error invalid(std::string s) { return {ErrorKind::invalid, std::move(s)}; }
inline Error corrupt(std::string s) { return {ErrorKind::corrupt, std::move(s)}; }
inline Error overloaded(std::string s) { return {ErrorKind::overloaded, std::move(s)}; }
inline Error disconnected(std::string s) { return {ErrorKind::disconnected, std::move(s)}; }
inline Error failed(std::string s) { return {ErrorKind::failed, std::move(s)}; }

/// A T or an Error. Moves and copies as its content does; not for sharing between threads.
/// Reading the wrong side is a bug and throws std::bad_variant_access.
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
  Result(Error error) : error_(std::move(error)), ok_(false) {}

  bool ok() const noexcept { return ok_; }
  explicit operator bool() const noexcept { return ok_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace leat
