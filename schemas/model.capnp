@0xe91d04a7b65c2f38;
# What folds over Tables make, and what is saved of it.

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("leat::schema");

struct Moments {
  # Per column: over the rows in which the column is not null and is a number.
  columns @0 :List(Text);
  count @1 :List(UInt64);
  mean @2 :List(Float64);
  deviation @3 :List(Float64);
  # Square root of the mean squared distance from the mean, divided by count (not count - 1).
  minimum @4 :List(Float64);
  maximum @5 :List(Float64);
  squares @6 :List(Float64);
  # Sum of squared distances from the mean, as they were added up: what is joined or gone on with.
}

struct CrossMoments {
  # Partial sums of a linear regression in double-double, each the sum of two numbers. Column i is in units of
  # 2^unit[i] and about shift[i].
  columns @0 :List(Text);
  # Features in order, then the target.
  rows @1 :UInt64;
  skipped @2 :UInt64;
  # Rows left out because a cell was null.
  shift @3 :List(Float64);
  # In the column's own unit; 0 where it costs no digits.
  sum @4 :List(Float64);
  # Per column: sum of (x - shift), its high parts.
  products @5 :List(Float64);
  # Upper triangle by rows: sum of (x_i - shift_i)(x_j - shift_j), i <= j; high parts.
  sumLow @6 :List(Float64);
  productsLow @7 :List(Float64);
  unit @8 :List(Int16);
  rounding @9 :List(Float64);
  # Of the cells' type, relative: 2^-53 for f64, 2^-24 for f32, 0 where cells are exact.
  throughOrigin @10 :Bool;
  # All shifts are 0: sums for a model without intercept.
  leftOut @11 :List(Text);
  # Columns that are no features though none was named: "city (text)".
}

struct LinearModel {
  # target = intercept + sum of coefficient[i] * feature[i]
  target @0 :Text;
  features @1 :List(Text);
  coefficients @2 :List(Float64);
  intercept @3 :Float64;
  l2 @4 :Float64;
  # The ridge penalty it was trained with, on centred features; the intercept is not penalised.
  rows @5 :UInt64;
  # Rows it was trained on.
  checksum @6 :UInt64;
  # On disk: the first half of the XXH3-128 of the message with this field 0; 0 in files of earlier versions.
  throughOrigin @7 :Bool;
  # Trained without an intercept.
  skipped @8 :UInt64;
  # Rows left out because a cell was null.
  leftOut @9 :List(Text);
  # Columns that are no features though none was named, and why.

  # What follows is empty, or NaN, where it is not defined: with a ridge there are no standard errors.
  standardErrors @10 :List(Float64);
  tValues @11 :List(Float64);
  pValues @12 :List(Float64);
  # Two-sided, by Student's distribution.
  varianceInflation @13 :List(Float64);
  interceptStandardError @14 :Float64 = nan;
  interceptT @15 :Float64 = nan;
  interceptP @16 :Float64 = nan;
  residualSquares @17 :Float64 = nan;
  # Sum of squared residuals over the rows it was trained on.
  r2 @18 :Float64 = nan;
  # About the mean; about 0 when trained without an intercept.
  adjustedR2 @19 :Float64 = nan;
  condition @20 :Float64 = nan;
  # Of the centred features, each brought to length 1.
  collinear @21 :List(Text);
  # Columns to blame for a condition above 30.
  digits @22 :UInt8;
  # Right digits of the coefficients that the cells' type and the arithmetic allow; 0: they are no exact solution.

  logistic @23 :Bool;
  # The sum is the log-odds that the target is 1: what is predicted is 1 / (1 + exp(-sum)).
  passes @24 :UInt64;
  # Of gradient descent, which is what made it: times it went over all rows; 0: it was solved.
  steps @25 :UInt64;
  # Mini-batches of all passes.
  loss @26 :Float64 = nan;
  # A row's, on average over the last pass: the squared error in the target's unit squared, or minus the logarithm of the
  # probability that the target was given.
}

struct Descent {
  # Gradient descent between two chunks: what sgd goes on from.
  moments @0 :Moments;
  # Features in order, then the target, over the rows without a null in any of them.
  nulls @1 :List(UInt64);
  # Per column: rows in which it is null.
  skipped @2 :UInt64;
  # Rows of a pass left out because a cell was null.
  pass @3 :UInt64;
  # Of the stream, from 0; the first is only measured.
  lastRow @4 :UInt64;
  # Number of the last row that came.
  random @5 :UInt64;
  # State of the generator that says in which order batches of a chunk come.
  steps @6 :UInt64;
  rows @7 :UInt64;
  # Trained on, of all passes.
  weights @8 :List(Float64);
  # Of standardised features, then the intercept, of the standardised target.
  averages @9 :List(Float64);
  # Of the weights after each step that counts.
  averaged @10 :UInt64;
  # Steps that count so far.
  gradient @11 :List(Float64);
  # Sums over the rows of the batch that is not full.
  pending @12 :UInt64;
  # Rows of it.
  shown @13 :Float64;
  # Sum of the losses since the last sample of the curve.
  shownRows @14 :UInt64;
  whole @15 :Float64;
  # Sum of the losses of this pass.
  wholeRows @16 :UInt64;
  leftOut @17 :List(Text);
  # As in LinearModel.
}

struct Score {
  # Errors of a finished model on rows it has not seen.
  target @0 :Text;
  rows @1 :UInt64;
  rmse @2 :Float64;   # root of the mean squared error, in the target's unit
  mae @3 :Float64;    # mean absolute error, in the target's unit
  r2 @4 :Float64;     # 1 - squared error / squared distance from the held-out mean
  logLoss @5 :Float64 = nan;   # of a logistic model: minus the logarithm of the probability given to what is so, on average
  accuracy @6 :Float64 = nan;  # of a logistic model: share of rows whose likelier outcome is so
}

struct ScoreSums {
  # Partial sums of a Score.
  target @0 :Text;
  rows @1 :UInt64;
  absolute @2 :Float64;
  squared @3 :Float64;
  shift @4 :Float64;
  sum @5 :Float64;       # of (target - shift)
  sumSquares @6 :Float64;  # of (target - shift)^2
  logistic @7 :Bool;       # predictions are probabilities; then
  logLoss @8 :Float64;     # sum of the log losses
  right @9 :UInt64;        # rows whose likelier outcome is so
}

struct Summary {
  # Partial counts of columns: what summary adds up.
  columns @0 :List(ColumnSummary);
}

struct ColumnSummary {
  name @0 :Text;
  type @1 :UInt16;
  # As in table.capnp.
  values @2 :UInt64;
  # Cells that are not null.
  nulls @3 :UInt64;
  notFinite @4 :UInt64;
  # Of the values: NaN and infinities.
  # Of the finite ones:
  mean @5 :Float64;
  squares @6 :Float64;
  # Sum of squared distances from the mean.
  minimum @7 :Float64;
  maximum @8 :Float64;
  exponent @9 :Int32;
  # A bin is 2^exponent wide.
  first @10 :Int64;
  # Which multiple of that the first bin begins at.
  bins @11 :List(UInt64);
}
