// NeuroSim's label of nonlinearity.
#pragma once

namespace settle {

/// The bend N / A of the curve with this label: NL = 10/0.7 times the largest distance, across the diagonal, of the curve from the straight
/// line between its ends, which reproduces the table that NeuroSim ships.
double neurosim_shape(double label);

}  // namespace settle
