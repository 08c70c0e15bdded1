#include <leat/gateway/datasets.hpp>

#include <leat/actor/guard.hpp>
#include <leat/actors/tables/file_reader.hpp>
#include <leat/chunk/one_line.hpp>
#include <leat/gateway/access.hpp>
#include <leat/gateway/cell_json.hpp>
#include <leat/gateway/series.hpp>
#include <leat/graph/json_text.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <semaphore>

namespace leat {
namespace {

using Json = nlohmann::ordered_json;
using tables::ChunkPlace;
using tables::FileReader;
using tables::Record;
using Answer = Result<HttpAnswer>;

// A column that is shown: where it is in the file, and in what is read of a chunk.
using Columns = std::vector<CopiedColumn>;

// Clients hear of no path of this machine.
Error of_dataset(Error error, const std::string& id, const std::string& path) {
  std::string& said = error.sentence;
  for (std::size_t at = 0; (at = said.find(path, at)) != said.npos; at += id.size()) said.replace(at, path.size(), id);
  return said.find(id) == said.npos ? error.in(id) : error;
}

// Answers with what `with` makes of the file that is asked for.
Answer of_file(const FileOf& file_of, const RouteCall& call, const std::function<Answer(FileReader&, const std::string&)>& with) {
  const std::string& said = call.params["id"].text;
  std::string id = one_line(said);
  auto path = file_of(said.find(':') == said.npos ? "result:" + said : said, call.who);
  if (!path) return refusal(404, path.error().sentence);
  auto bytes = InputBytes::open(path->string());
  if (!bytes) return of_dataset(bytes.error(), id, path->string());
  auto file = FileReader::open(std::move(*bytes));
  if (!file) return of_dataset(file.error(), id, path->string());
  auto answer = with(*file, id);
  return answer ? std::move(answer) : of_dataset(answer.error(), id, path->string());
}

Answer described(FileReader& file, const std::string& id) {
  const tables::Index& index = file.index();
  Json json = {{"id", id}, {"bytes", exact<Json>(file.bytes().size())}, {"rows", exact<Json>(index.rows)}, {"chunks", exact<Json>(index.chunks)},
               {"columns", Json::array()}};
  for (const Field& field : index.fields) {
    json["columns"].push_back({{"name", field.name}, {"type", type_name(field.type)}, {"nullable", field.nullable}});
  }
  return json_answer(json_text(json));
}

Result<std::size_t> column_called(const Fields& fields, const std::string& name) {
  auto found = find_field(fields, name);
  if (found) return *found;
  std::string near = nearest_name(fields, name);
  return invalid("there is no column " + one_line(name) + (near.empty() ? "" : ", did you mean " + near + "?") + ": there are " + listed(fields));
}

Result<Columns> columns_called(const Fields& fields, const std::vector<std::string>& names) {
  Columns columns;
  for (const std::string& name : names) {
    auto column = column_called(fields, name);
    if (!column) return std::move(column).error();
    for (const CopiedColumn& other : columns) {
      if (other.from == *column) return invalid("column " + one_line(name) + " is named twice");
    }
    columns.push_back({*column});
  }
  if (columns.empty()) return invalid("columns names none: name one, or leave it out for all");
  return columns;
}

Result<RowRange> range_of(const RouteCall& call, std::uint64_t rows) {
  std::optional<std::uint64_t> to;
  if (call.params.has("to")) to = static_cast<std::uint64_t>(call.params["to"].integer);
  return row_range(static_cast<std::uint64_t>(call.params["from"].integer), to, rows);
}

// Calls `use` for each chunk that has rows of the range, in order, until it returns false.
Result<void> each_chunk(FileReader& file, const RowRange& range, const RouteCall& call,
                        const std::function<Result<bool>(const ChunkPlace&, const Record&)>& use) {
  ChunkPlace at;
  while (at.number < file.index().chunks && at.rows < range.to) {
    if (std::chrono::steady_clock::now() >= call.deadline) return overloaded("there was no time for all of it: ask for fewer rows");
    auto record = file.record(at);
    if (!record) return std::move(record).error();
    if (at.rows + record->rows > range.from) {
      auto more = use(at, *record);
      if (!more) return std::move(more).error();
      if (!*more) return {};
    }
    at = at.after(*record);
  }
  if (at.rows < range.to) return corrupt("its chunks have fewer rows than its index says; write it again, or copy it anew");
  return {};
}

// Rows of a chunk, each an array, until the answer is as large as it may be: then false.
class RowsText {
 public:
  explicit RowsText(std::uint64_t from) : next_(from) {}

  Result<bool> add(const Table& table, std::size_t from, std::size_t to) {
    std::vector<ColumnPlace> places;
    for (std::size_t i = 0; i < table.columns(); ++i) places.push_back(place_of(table, i));
    for (std::size_t row = from; row < to; ++row) {
      std::size_t before = text_.size();
      text_ += before == 0 ? "[" : ",[";
      for (std::size_t i = 0; i < places.size() && text_.size() <= kMostRowBytes; ++i) {
        if (i > 0) text_ += ',';
        append_cell(text_, places[i], row);
      }
      text_ += ']';
      if (text_.size() > kMostRowBytes) {
        if (before == 0) return invalid("row " + std::to_string(next_) + " alone is larger than an answer may be: ask for fewer columns");
        text_.resize(before);
        return false;
      }
      ++next_;
    }
    return true;
  }
  std::uint64_t next() const { return next_; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  std::uint64_t next_;
};

Answer rows_of(FileReader& file, const RouteCall& call) {
  const tables::Index& index = file.index();
  auto range = range_of(call, index.rows);
  if (!range) return std::move(range).error();
  std::optional<Columns> columns;
  if (call.params.has("columns")) {
    auto named = columns_called(index.fields, split_at_commas(call.params["columns"].text));
    if (!named) return std::move(named).error();
    columns = std::move(*named);
  }
  RowRange asked = *range;
  if (asked.rows() > kMostRows) asked.to = asked.from + kMostRows;
  RowsText rows(asked.from);
  auto pool = Pool::make();
  auto done = asked.rows() == 0 ? Result<void>() : each_chunk(file, asked, call, [&](const ChunkPlace& at, const Record& record) -> Result<bool> {
    auto chunk = columns ? file.chunk(at, record, *columns, *pool) : file.chunk(at, record, *pool);
    if (!chunk) return std::move(chunk).error();
    std::uint64_t from = std::max(asked.from, at.rows) - at.rows, to = std::min<std::uint64_t>(asked.to - at.rows, record.rows);
    return rows.add(Table(*chunk), from, to);
  });
  if (!done) return std::move(done).error();
  Json names = Json::array();
  if (columns) for (const CopiedColumn& one : *columns) names.push_back(index.fields[one.from].name);
  else for (const Field& one : index.fields) names.push_back(one.name);
  Json next = rows.next() < range->to ? exact<Json>(rows.next()) : Json();
  return json_answer("{\"columns\":" + json_text(names) + ",\"from\":" + json_text(exact<Json>(asked.from)) + ",\"next\":" + json_text(next) +
                     ",\"rows\":[" + rows.text() + "]}");
}

Answer series_of(FileReader& file, const RouteCall& call) {
  const tables::Index& index = file.index();
  auto column = column_called(index.fields, call.params["column"].text);
  if (!column) return std::move(column).error();
  const Field& field = index.fields[*column];
  if (in_heap(field.type)) return invalid("column " + one_line(field.name) + " holds " + std::string(type_name(field.type)) + ": only numbers and times have a least and a greatest");
  auto range = range_of(call, index.rows);
  if (!range) return std::move(range).error();
  Series series(field.type, *range, static_cast<std::uint64_t>(call.params["pixels"].integer));
  auto pool = Pool::make();
  auto done = range->rows() == 0 ? Result<void>() : each_chunk(file, *range, call, [&](const ChunkPlace& at, const Record& record) -> Result<bool> {
    auto known = file.ranges(record).of(*column);
    if (known && Series::is_enough(known->second) && series.is_in_pixel(at.rows, record.rows)) {
      series.add(at.rows, known->first, known->second);
      return true;
    }
    auto chunk = file.chunk(at, record, {{*column}}, *pool);
    if (!chunk) return std::move(chunk).error();
    series.add(place_of(Table(*chunk), 0), at.rows, record.rows);
    return true;
  });
  if (!done) return std::move(done).error();
  Json json = {{"column", field.name}, {"type", type_name(field.type)}, {"from", exact<Json>(range->from)}, {"to", exact<Json>(range->to)}};
  std::string text = json_text(json);
  text.pop_back();
  return json_answer(text + "," + series.members() + "}");
}

Route dataset_route(const std::string& rest, const char* sentence, const char* gives, std::vector<Option> more) {
  more.insert(more.begin(), {.name = "id", .type = OptionType::text, .sentence = "JOB/NAME, data:FILE or upload:ID"});
  Route route{.method = "GET", .pattern = "/api/v1/datasets/{id}" + rest, .sentence = sentence, .params = std::move(more)};
  route.optional = {"to", "columns"};
  route.gives = gives;
  return route;
}

}  // namespace

std::vector<Route> dataset_routes(FileOf file_of) {
  Option from{"from", OptionType::integer, "the first row", "0", "rows", 0};
  Option to{.name = "to", .type = OptionType::integer, .sentence = "the row after the last", .least = 0};
  Option columns{.name = "columns", .type = OptionType::text, .sentence = "only those, with commas between"};
  Option column{.name = "column", .type = OptionType::text, .sentence = "a column of numbers or times"};
  Option pixels{"pixels", OptionType::integer, "how many are drawn", "1000", "pixels", 1, static_cast<double>(kMostPixels)};
  Route one = dataset_route("", "What is in a file of tables.", "Dataset", {});
  one.answer = [file_of](const RouteCall& call) { return of_file(file_of, call, described); };
  Route rows = dataset_route("/rows", "Rows of it, at most 10,000 or 4 MiB at a time.", "Rows", {from, to, columns});
  rows.answer = [file_of](const RouteCall& call) {
    return of_file(file_of, call, [&](FileReader& file, const std::string&) { return rows_of(file, call); });
  };
  Route series = dataset_route("/series", "The least and the greatest of a column, by pixel.", "Series", {column, from, to, pixels});
  // A long one takes a thread of the pool for as long as it lasts: others have work for those.
  series.answer = [file_of, places = std::make_shared<std::counting_semaphore<2>>(2)](const RouteCall& call) -> Answer {
    if (!places->try_acquire()) return overloaded("two other series are being made at this moment: ask again");
    auto answer = guarded([&] { return of_file(file_of, call, [&](FileReader& file, const std::string&) { return series_of(file, call); }); });
    places->release();
    return answer;
  };
  return {one, rows, series};
}

}  // namespace leat
