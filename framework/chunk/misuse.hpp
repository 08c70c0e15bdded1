/// Misuse of a table: what code that asks for the wrong column, row or type is told. All of it is a
/// bug in the caller and throws; the stage it happens in then fails the job with the sentence.
#pragma once

#include <cstddef>
#include <string_view>

#include <leat/chunk/fields.hpp>

namespace leat::misuse {

/// std::out_of_range: there is no column at `position`.
[[noreturn]] void no_column(const Fields& fields, std::size_t position);
/// std::out_of_range: there is no column of that name; says which one is near.
[[noreturn]] void no_column(const Fields& fields, std::string_view name);
/// std::out_of_range: there is no row `row` among `rows`.
[[noreturn]] void no_row(std::size_t row, std::size_t rows);
/// std::logic_error: `field` is asked for as `asked`, which its type is not.
[[noreturn]] void wrong_type(const Field& field, std::string_view asked);

}  // namespace leat::misuse
