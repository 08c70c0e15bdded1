#include <leat/gateway/request.hpp>

#include <stdexcept>

namespace leat {
namespace {

using Which = schema::RequestParam::Which;

constexpr unsigned kUrgency = 3;

std::string_view view(capnp::Text::Reader text) { return {text.begin(), text.size()}; }
std::string_view view(capnp::Data::Reader data) { return {reinterpret_cast<const char*>(data.begin()), data.size()}; }
capnp::Data::Reader bytes_of(std::string_view text) { return {reinterpret_cast<const kj::byte*>(text.data()), text.size()}; }

void put(schema::RequestParam::Builder into, const Option& param, const OptionValue& value) {
  into.setName(param.name);
  switch (param.type) {
    case OptionType::integer: into.setInteger(value.integer); break;
    case OptionType::bytes: into.setInteger(static_cast<std::int64_t>(value.bytes)); break;
    case OptionType::real: into.setReal(value.real); break;
    case OptionType::flag: into.setFlag(value.flag); break;
    case OptionType::texts: case OptionType::paths: into.setText(joined_with_commas(value.texts)); break;
    default: into.setText(value.text); break;
  }
}

}  // namespace

bool ServiceRequest::has(std::string_view name) const {
  for (auto one : chunk_.root<schema::Request>().getParams()) {
    if (view(one.getName()) == name) return true;
  }
  return false;
}

schema::RequestParam::Reader ServiceRequest::param(std::string_view name, Which type) const {
  for (auto one : chunk_.root<schema::Request>().getParams()) {
    if (view(one.getName()) == name && one.which() == type) return one;
  }
  throw std::logic_error("the request has no parameter " + std::string(name) + " of that type: declare it with its route");
}

std::int64_t ServiceRequest::integer(std::string_view name) const { return param(name, Which::INTEGER).getInteger(); }
double ServiceRequest::real(std::string_view name) const { return param(name, Which::REAL).getReal(); }
bool ServiceRequest::flag(std::string_view name) const { return param(name, Which::FLAG).getFlag(); }
std::string_view ServiceRequest::text(std::string_view name) const { return view(param(name, Which::TEXT).getText()); }
std::string_view ServiceRequest::body() const { return view(chunk_.root<schema::Request>().getBody()); }

HttpAnswer ServiceReply::answer() const {
  auto root = chunk_.root<schema::Reply>();
  return {root.getStatus(), std::string(view(root.getType())), std::string(view(root.getBody()))};
}

ServiceReply reply(const ServiceRequest& request, const HttpAnswer& answer, Pool& pool) {
  Building<schema::Reply> building(pool, 96 + answer.type.size() + answer.body.size());
  auto root = building.root();
  root.setId(request.id());
  root.setStatus(static_cast<std::uint16_t>(answer.status));
  root.setType(answer.type);
  root.setBody(bytes_of(answer.body));
  return ServiceReply(std::move(building).finish());
}

ServiceRequest request_chunk(std::uint64_t id, const std::vector<Option>& params, const OptionValues& values, std::string_view body,
                      Pool& pool) {
  std::vector<const Option*> given;
  for (const Option& param : params) {
    if (values.has(param.name)) given.push_back(&param);
  }
  Building<schema::Request> building(pool, 64 + 64 * given.size() + body.size());
  auto root = building.root();
  root.setId(id);
  auto list = root.initParams(static_cast<unsigned>(given.size()));
  for (unsigned i = 0; i < list.size(); ++i) put(list[i], *given[i], values[given[i]->name]);
  root.setBody(bytes_of(body));
  return ServiceRequest(std::move(building).finish());
}

unsigned urgency_of(const HttpRequest& request) {
  const std::string* field = request.field("Priority");
  if (!field) return kUrgency;
  for (std::size_t at = 0; at < field->size(); at = std::min(field->find(',', at), field->size() - 1) + 1) {
    std::size_t begin = field->find_first_not_of(" \t", at);
    std::string_view part = begin == std::string::npos ? std::string_view() : std::string_view(*field).substr(begin, 4);
    bool whole = part.size() == 3 || (part.size() == 4 && (part[3] == ',' || part[3] == ' ' || part[3] == ';'));
    if (whole && part.substr(0, 2) == "u=" && part[2] >= '0' && part[2] <= '7') return static_cast<unsigned>(part[2] - '0');
  }
  return kUrgency;
}

}  // namespace leat
