// Published devices: parameters of write models by name, each with its source. Values as shipped by the IBM analog hardware acceleration kit
// (doi:10.1109/AICAS51828.2021.9458494) and NeuroSim (doi:10.1109/TCAD.2018.2789723).
#include "devices/write.hpp"

namespace settle {

const std::vector<WritePreset>& write_presets() {
  constexpr double multiplicative = 0, additive = 1, nominal = 1, lognormal = 1, yes = 1;
  static const std::vector<WritePreset> presets{
      {"reram_es", "exp_step", "HfO2 RRAM, exponential steps", "Gong et al. 2018, doi:10.1038/s41467-018-04485-1",
       {{"dw", 0.00135}, {"up_down", 0.259359}, {"wmin", -1}, {"wmax", 1}, {"a", -0.5}, {"b", -0.5}, {"gamma_up", 5}, {"gamma_down", 5}, {"a_up", -1.18445},
        {"a_down", -0.081404}, {"d2d", 0.2}, {"up_down_d2d", 0.05}, {"wmin_d2d", 0.3}, {"wmax_d2d", 0.3}, {"c2c", 5}, {"write_noise", 75}}},
      {"reram_sb", "soft_bounds", "HfO2 RRAM, loose fit by soft bounds about the symmetry point", "Gong et al. 2018, doi:10.1038/s41467-018-04485-1",
       {{"dw", 0.002}, {"up_down", 0}, {"wmin", -0.75}, {"wmax", 1.25}, {"noise", additive}, {"d2d", 0.3}, {"up_down_d2d", 0.01},
        {"wmin_d2d", 0.3 / 0.75}, {"wmax_d2d", 0.3 / 1.25}, {"c2c", 3.75}, {"write_noise", 56}}},
      {"capacitor", "linear_step", "capacitor with leakage; lifetime in updates", "Li et al. 2018, doi:10.1109/VLSIT.2018.8510648",
       {{"dw", 0.005}, {"up_down", 0}, {"wmin", -1}, {"wmax", 1}, {"noise", additive}, {"gamma_up", 0.05}, {"gamma_down", 0.05}, {"d2d", 0.1},
        {"up_down_d2d", 0.06}, {"wmin_d2d", 0.07}, {"wmax_d2d", 0.07}, {"gamma_up_d2d", 0.01}, {"gamma_down_d2d", 0.01}, {"c2c", 0.3},
        {"reference", nominal}, {"lifetime", 1e6}, {"lifetime_d2d", 0.3}}},
      {"ecram", "linear_step", "lithium ECRAM, range shifted to put the symmetry point at zero", "Tang et al. 2018, doi:10.1109/IEDM.2018.8614551",
       {{"dw", 0.002}, {"up_down", 0}, {"wmin", -0.8276}, {"wmax", 1.1724}, {"noise", multiplicative}, {"gamma_up", 0.1153}, {"gamma_down", 0.5085}, {"d2d", 0.1},
        {"up_down_d2d", 0.01}, {"wmin_d2d", 0.05}, {"wmax_d2d", 0.05}, {"gamma_up_d2d", 0.05}, {"gamma_down_d2d", 0.05}, {"c2c", 0.3}, {"reference", nominal}}},
      {"ecram_mo", "linear_step", "metal-oxide ECRAM", "Kim et al. 2019, doi:10.1109/IEDM19573.2019.8993463",
       {{"dw", 2.8214e-4}, {"up_down", 0}, {"wmin", -0.8286}, {"wmax", 1.1714}, {"noise", multiplicative}, {"gamma_up", 0.4152}, {"gamma_down", 0.7342},
        {"d2d", 0.1}, {"up_down_d2d", 0.01}, {"wmin_d2d", 0.05}, {"wmax_d2d", 0.05}, {"gamma_up_d2d", 0.05}, {"gamma_down_d2d", 0.05}, {"c2c", 2},
        {"reference", nominal}}},
      {"idealized", "constant_step", "symmetric device of 10000 steps", "Rasch, Gokmen and Haensch 2019, arXiv:1906.02698",
       {{"dw", 0.0002}, {"up_down", 0}, {"wmin", -1}, {"wmax", 1}, {"d2d", 0.3}, {"wmin_d2d", 0.3}, {"wmax_d2d", 0.3}, {"c2c", 0.3}}},
      {"gokmen_vlasov", "constant_step", "specification of a resistive processing unit, 1200 states", "Gokmen and Vlasov 2016, doi:10.3389/fnins.2016.00333",
       {{"dw", 0.0016}, {"up_down", 0}, {"wmin", -1}, {"wmax", 1}, {"d2d", 0.3}, {"up_down_d2d", 0.01}, {"wmin_d2d", 0.3}, {"wmax_d2d", 0.3}, {"c2c", 0.3}}},
      {"pcm", "exp_step", "phase-change memory; meant for pulses up only, in pairs that are refreshed", "Nandakumar et al. 2020, doi:10.3389/fnins.2020.00406",
       {{"dw", 0.01}, {"up_down", 0}, {"wmin", 0}, {"wmax", 2}, {"a", -1}, {"b", 0}, {"gamma_up", 2.5}, {"gamma_down", 2.5}, {"a_up", -27.235}, {"a_down", -2.235},
        {"d2d", 0.2}, {"up_down_d2d", 0.05}, {"wmax_d2d", 0.1}, {"c2c", 0.6}, {"noise_add", 0.042}, {"noise_slope", 0.108}, {"reset", 0.01}, {"reset_d2d", 0.02}}},
      {"reram_array_om", "soft_bounds", "RRAM array of optimized material; of the array measured corrupt=0.1348",
       "Gong et al. 2022, doi:10.1109/IEDM45625.2022.10019569",
       {{"dw", 0.0949}, {"up_down", 0}, {"wmin", -1}, {"wmax", 1}, {"noise", additive}, {"d2d", 0.7829}, {"d2d_law", lognormal}, {"up_down_d2d", 0.01},
        {"wmin_d2d", 0.5695}, {"wmax_d2d", 0.3499}, {"c2c", 0.4158}, {"write_noise", 1.4113}, {"corrupt_range", 0.01}, {"centre", yes}, {"centre_std", 0.05}}},
      {"reram_array_hfo2", "soft_bounds", "RRAM array of baseline HfO2; of the array measured corrupt=0.0977",
       "Gong et al. 2022, doi:10.1109/IEDM45625.2022.10019569",
       {{"dw", 0.4622}, {"up_down", 0}, {"wmin", -1}, {"wmax", 1}, {"noise", additive}, {"d2d", 0.7125}, {"d2d_law", lognormal}, {"up_down_d2d", 0.01},
        {"wmin_d2d", 0.5990}, {"wmax_d2d", 0.4295}, {"c2c", 0.2174}, {"write_noise", 0.5841}, {"corrupt_range", 0.01}, {"centre", yes}, {"centre_std", 0.05}}},
      {"ag_si", "neurosim", "Ag:a-Si", "Jo et al. 2010, doi:10.1021/nl904092h, as in NeuroSim",
       {{"gmin", 3.0769e-9}, {"gmax", 3.8462e-8}, {"nl_ltp", 2.4}, {"nl_ltd", -4.88}, {"p_ltp", 97}, {"p_ltd", 100}, {"c2c", 0.035}, {"vup", 3.2}, {"vdown", 2.8},
        {"tup", 300e-6}, {"tdown", 300e-6}}}};
  return presets;
}

}  // namespace settle
