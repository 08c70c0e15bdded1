/// Moments: count, mean, deviation, least and greatest value of numeric columns. A fold.
///
///   auto moments = rows.fold("look", leat::moments({"speed", "mass"}));   // or moments(): all
///   numeric auto scaled  = rows.join("scale", moments, leat::scale({"speed", "mass"}));
///
/// Contract. In: Tables. Out: one schema::Moments at the end; nothing when interrupted. Columns
/// keep the order in which they were named, or have in the first chunk. The deviation is that of
/// the population: the root of the mean squared distance from the mean. Nulls are left out, column
/// by column; a column without any value has count 0 and zeros. NaN and infinity are an error that
/// names file, line, row and column, and so is an unknown or non-numeric column. Combinable: each replica folds
/// its share, a second kind combines them; the result does not depend on the split but for the last
/// digits. Every chunk is centred on its own mean, and chunks and replicas are joined by the update
/// of T. F. Chan, G. H. Golub and R. J. LeVeque, "Algorithms for computing the sample variance"
/// (1983). State: 40 bytes a column and one chunk's column of doubles.
#pragma once

#include <string>
#include <vector>

#include <leat/chunk/table.hpp>
#include <leat/graph/declared_kind.hpp>
#include <leat/schemas/model.capnp.h>

namespace leat {

Kind<Message<schema::Moments>, Table> moments(std::vector<std::string> columns = {});
DeclaredKind declared_moments();

/// One column's moments, to be joined with another's.
struct ColumnMoments {
  std::uint64_t count = 0;
  double mean = 0;
  double squares = 0;  ///< sum of squared distances from the mean
  double minimum = 0;
  double maximum = 0;

  /// Takes in another part of the same column.
  void join(const ColumnMoments& other);
};

/// The moments of `count` finite numbers.
ColumnMoments moments_of(const double* numbers, std::size_t count);

}  // namespace leat
