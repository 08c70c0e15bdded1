#include <leat/actors/expression/loops.hpp>

#include <algorithm>
#include <cstring>

namespace leat {
namespace {

using enum Operation;
using Text = std::string_view;
using Flag = std::uint8_t;

bool continues(char c) { return static_cast<unsigned char>(c) >> 6 == 2; }
bool space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

std::int64_t characters(Text text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return !continues(c); });
}

void lengths(KernelCall& call) { loops::one<std::int64_t, Text>(call, characters); }

template <char first, char last>
void cased(KernelCall& call) {
  loops::one<Text, Text>(call, [&](Text text) {
    char* to = call.texts->take(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
      to[i] = text[i] >= first && text[i] <= last ? static_cast<char>(text[i] ^ 0x20) : text[i];
    }
    return Text(to, text.size());
  });
}

Text trimmed(Text text) {
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return text;
}

void trims(KernelCall& call) { loops::one<Text, Text>(call, trimmed); }

template <class F>
void asks(KernelCall& call, F f) {
  loops::two<Flag, Text, Text>(call, [f](Text a, Text b) { return static_cast<Flag>(f(a, b)); });
}
void containing(KernelCall& call) { asks(call, [](Text a, Text b) { return a.find(b) != Text::npos; }); }
void starting(KernelCall& call) { asks(call, [](Text a, Text b) { return a.starts_with(b); }); }
void ending(KernelCall& call) { asks(call, [](Text a, Text b) { return a.ends_with(b); }); }

void joined(KernelCall& call) {
  loops::two<Text, Text, Text>(call, [&](Text a, Text b) {
    char* to = call.texts->take(a.size() + b.size());
    std::copy(a.begin(), a.end(), to);
    std::copy(b.begin(), b.end(), to + a.size());
    return Text(to, a.size() + b.size());
  });
}

// The text from its character `from` on, and before its character `to`; they count from 0.
Text between(Text text, std::int64_t from, std::int64_t to) {
  std::int64_t at = -1;
  std::size_t begin = text.size();
  std::size_t end = text.size();
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (continues(text[i])) continue;
    ++at;
    if (at <= from) begin = i;
    if (at < to) continue;
    end = i;
    break;
  }
  if (at < from) begin = text.size();
  return begin < end ? text.substr(begin, end - begin) : Text();
}

void parts(KernelCall& call) {
  const auto* starts = call.in[1].as<std::int64_t>();
  const auto* sizes = call.inputs > 2 ? call.in[2].as<std::int64_t>() : nullptr;
  loops::each<Text, Text>(call, [&](Text text, std::size_t row) {
    std::int64_t from = starts[row * call.in[1].step()];
    std::int64_t size = sizes ? sizes[row * call.in[2].step()] : std::int64_t{1} << 40;
    if (size < 0) call.fail(row, "has a length below 0");
    // What lies before the first character counts, as in SQL, and holds nothing.
    from = std::max(from, -(std::int64_t{1} << 40));
    size = std::min(size, std::int64_t{1} << 41);
    std::int64_t to = from - 1 + size;
    return size < 0 || to <= 0 ? Text() : between(text, std::max<std::int64_t>(from - 1, 0), to);
  });
}

std::size_t count_of(Text text, Text what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != Text::npos; at = text.find(what, at + what.size())) ++found;
  return found;
}

void replaced(KernelCall& call) {
  Text what = (*call.literals)[0].text;
  Text with = (*call.literals)[1].text;
  loops::one<Text, Text>(call, [&](Text text) {
    std::size_t found = what.empty() ? 0 : count_of(text, what);
    if (found == 0) return text;
    std::size_t size = text.size() - found * what.size() + found * with.size();
    char* begin = call.texts->take(size);
    char* to = begin;
    while (found-- > 0) {
      std::size_t at = text.find(what);
      to = std::copy_n(text.data(), at, to);
      to = std::copy(with.begin(), with.end(), to);
      text.remove_prefix(at + what.size());
    }
    std::copy(text.begin(), text.end(), to);
    return Text(begin, size);
  });
}

}  // namespace

char* TextArena::take(std::size_t bytes) {
  if (pieces_.empty() || pieces_.back().size - used_ < bytes) {
    std::size_t size = std::max<std::size_t>(bytes, pieces_.empty() ? 4096 : 2 * pieces_.back().size);
    pieces_.push_back({std::make_unique_for_overwrite<char[]>(size), size});
    used_ = 0;
  }
  char* out = pieces_.back().bytes.get() + used_;
  used_ += bytes;
  return out;
}

// The last piece is the largest: it stays.
void TextArena::clear() {
  if (pieces_.size() > 1) pieces_.erase(pieces_.begin(), pieces_.end() - 1);
  used_ = 0;
}

Kernel text_kernel(Operation operation) {
  switch (operation) {
    case length: return lengths;
    case lower: return cased<'A', 'Z'>;
    case upper: return cased<'a', 'z'>;
    case trim: return trims;
    case contains: return containing;
    case starts_with: return starting;
    case ends_with: return ending;
    case substring: return parts;
    case replace: return replaced;
    case add:
    case concat: return joined;
    default: return nullptr;
  }
}

}  // namespace leat
