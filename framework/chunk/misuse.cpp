#include <stdexcept>

#include <leat/chunk/misuse.hpp>

namespace leat::misuse {

void no_column(const Fields& fields, std::size_t position) {
  throw std::out_of_range("there is no column " + std::to_string(position) +
                          ", counted from 0: there are " + std::to_string(fields.size()) + ", " +
                          listed(fields));
}

void no_column(const Fields& fields, std::string_view name) {
  throw std::out_of_range(no_column_named(fields, name));
}

void no_row(std::size_t row, std::size_t rows) {
  throw std::out_of_range("there is no row " + std::to_string(row) +
                          ", counted from 0: there are " + std::to_string(rows));
}

void wrong_type(const Field& field, std::string_view asked) {
  throw std::logic_error("column " + field.name + " is " + std::string(type_name(field.type)) +
                         (field.dictionary ? " with a dictionary" : "") + " and is asked for as " +
                         std::string(asked));
}

}  // namespace leat::misuse
