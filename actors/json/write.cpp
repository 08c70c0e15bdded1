#include <leat/actors/json/write.hpp>

#include <leat/actors/csv/format.hpp>
#include <leat/actors/output/text_sink.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>

namespace leat::json {
namespace {

// Of a text so much is escaped at once: what that takes does not grow with the text.
constexpr std::size_t kPiece = std::size_t{4} << 10;

Result<void> has_form(const Fields& fields) {
  for (const Field& field : fields) {
    if (field.type != ColumnType::BYTES) continue;
    return invalid("json.write has no form for column " + field.name +
                   ", which is bytes: parse it as text, or leave it out");
  }
  return {};
}

// The size of a text's first piece, which ends between two characters.
std::size_t piece_of(std::string_view text) {
  if (text.size() <= kPiece) return text.size();
  std::size_t size = kPiece;
  while (size > kPiece - 3 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
  return size;
}

bool stands_for_itself(char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; }

void append_escaped(std::string& line, std::string_view text) {
  if (std::all_of(text.begin(), text.end(), stands_for_itself)) {
    line += text;
    return;
  }
  std::string quoted = nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  line.append(quoted, 1, quoted.size() - 2);
}

class Write final : public TextSink {
 public:
  Write(std::string path, std::string job) : TextSink("json.write", std::move(path), std::move(job)) {}

  Result<Step> visit(Visit& visit, Outbox& out) override {
    Table table(visit.chunk);
    Fields fields = table.fields();
    if (auto ok = has_form(fields); !ok) return ok.error();
    std::vector<std::string> keys;
    for (const Field& field : fields) {
      std::string key = keys.empty() ? "\"" : ",\"";
      append_escaped(key, field.name);
      keys.push_back(key + "\":");
    }
    not_numbers_ = 0;
    std::size_t rows = table.rows();
    for (std::size_t row = 0; row < rows; ++row) {
      if (auto wrote = write_row(table, keys, row); !wrote) return wrote.error();
    }
    out.count("rows", rows);
    if (not_numbers_ > 0) out.count("not numbers", not_numbers_);
    return Step::done;
  }

 private:
  Result<void> write_row(const Table& table, const std::vector<std::string>& keys, std::size_t row) {
    buffer_ += '{';
    for (std::size_t i = 0; i < keys.size(); ++i) {
      buffer_ += keys[i];
      if (auto wrote = write_cell(table, i, row); !wrote) return wrote;
      if (auto wrote = flush_if_full(); !wrote) return wrote;
    }
    buffer_ += "}\n";
    return {};
  }

  Result<void> write_cell(const Table& table, std::size_t column, std::size_t row) {
    ColumnType type = table.type(column);
    if (!table.valid(column, row)) {
      buffer_ += "null";
    } else if (type == ColumnType::TEXT) {
      return write_text(table.text(column, row));
    } else if (type == ColumnType::TIMESTAMP) {
      buffer_ += '"';
      csv::append_timestamp(buffer_, table.values<std::int64_t>(column)[static_cast<Eigen::Index>(row)]);
      buffer_ += '"';
    } else if (!std::isfinite(table.number(column, row))) {
      buffer_ += "null";
      ++not_numbers_;
    } else {
      csv::append_cell(buffer_, table, column, row, ',');
    }
    return {};
  }

  Result<void> write_text(std::string_view text) {
    buffer_ += '"';
    while (!text.empty()) {
      std::size_t size = piece_of(text);
      append_escaped(buffer_, text.substr(0, size));
      if (auto wrote = flush_if_full(); !wrote) return wrote;
      text.remove_prefix(size);
    }
    buffer_ += '"';
    return {};
  }

  std::uint64_t not_numbers_ = 0;  // in this chunk
};

struct WritingTo {
  std::string path;
};

OptionsOf<WritingTo> options() {
  return OptionsOf<WritingTo>().needs(&WritingTo::path,
                                      {.name = "path", .type = OptionType::path, .sentence = "the file"});
}

}  // namespace

Kind<void, Table> write(std::string path) {
  auto kind = stage_kind<void, Table>("json.write", options().of({path}));
  kind.writes = {path};
  kind.visible_early = StagedFile::written_through(path);
  kind.holds = Holds::state;
  kind.state_version = std::string("1");
  kind.describe = [](const std::vector<Description>& inputs) -> Result<Described> {
    if (auto ok = has_form(inputs[0].fields); !ok) return ok.error();
    // The buffer goes past its mark by one piece, each byte of which may become six, and doubles as it grows.
    return Described{{}, {3 * TextSink::kBuffer, 0}};
  };
  kind.actor = [path](const Making& making) { return std::make_unique<Write>(path, making.job); };
  return kind;
}

DeclaredKind declared_write() {
  return declared_kind("Writes tables as one file of JSON lines, whole or not at all.", options(),
                       [](const WritingTo& to) { return write(to.path); });
}

}  // namespace leat::json
