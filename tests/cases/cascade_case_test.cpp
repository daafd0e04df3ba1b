/// A cascade made by hand, whose causes are known: a fault takes one of two lines, the other is overloaded
/// and trips, the area stands alone with too little generation, sheds, loses a unit, sheds again.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "studies/cascade/cascade.hpp"
#include "tests/cases/case_run.hpp"

namespace ballast {
namespace {

using testing::CaseRun;

const std::string kText = R"([case]
title = "a cascade of ten events"

[network]
frequency_Hz = 60
base_MVA = 100

[[bus]]
number = 1
base_kV = 230

[[bus]]
number = 2
base_kV = 230

[[bus]]
number = 3
base_kV = 230
slack = true

[[bus]]
number = 4
base_kV = 230

[[line]]
from = 1
to = 2
R = 0.001
X = 0.03
B = 0

[[line]]
from = 4
to = 2
R = 0.001
X = 0.03
B = 0

[[line]]
from = 2
to = 3
id = "1"
R = 0.001
X = 0.05
B = 0
rate_MVA = 45

[[line]]
from = 2
to = 3
id = "2"
R = 0.001
X = 0.05
B = 0
rate_MVA = 45

[[load]]
bus = 2
P_MW = 100
Q_Mvar = 20

[[load]]
bus = 2
id = "2"
P_MW = 60
Q_Mvar = 10

[[load]]
bus = 2
id = "3"
P_MW = 80
Q_Mvar = 10

[loads]
active = { impedance = 0, current = 0, power = 1 }
reactive = { impedance = 1, current = 0, power = 0 }
pqbrak = 0.7

[[generator]]
bus = 1
P_MW = 120
Vset = 1.02
base_MVA = 200
machine = { model = "GENROU", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = 6.5, D = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }
exciter = { model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }
governor = { model = "TGOV1", R = 0.05, T1 = 0.5, VMAX = 1, VMIN = 0, T2 = 3, T3 = 10, Dt = 0 }

[[generator]]
bus = 4
P_MW = 60
Vset = 1.02
base_MVA = 100
machine = { model = "GENROU", Tdop = 8, Tdopp = 0.03, Tqop = 0.4, Tqopp = 0.05, H = 5, D = 0, Xd = 1.8, Xq = 1.7, Xdp = 0.3, Xqp = 0.55, Xdpp = 0.25, Xl = 0.2, S10 = 0, S12 = 0, Ra = 0 }
exciter = { model = "SEXS", TATB = 0.1, TB = 10, K = 100, TE = 0.1, EMIN = 0, EMAX = 5 }

[[generator]]
bus = 3
Vset = 1.0
base_MVA = 100
machine = { model = "GENCLS", H = 0, D = 0, Ra = 0, Xdp = 0.001 }

[[overload]]
name = "second line"
branch = "2-3-2"
alarm_s = 0.5
trip_s = 2

[[load_shedding]]
name = "first"
load = "2-1"
stages = [{ f_Hz = 59.3, share = 0.2, delay_s = 0.1, breaker_s = 0.05 }]

[[protection]]
name = "unit"
machine = "4-1"
frequency = [{ FL = 58.9, TP = 0.1, TB = 0.05 }]

[[load_shedding]]
name = "last"
load = "2-2"
stages = [{ f_Hz = 58.5, share = 0.9, delay_s = 0.1, breaker_s = 0.05 }]

[[event]]
at_s = 1
line_fault = { branch = "2-3-1", near = 3, at_percent = 0, impedance_pu = [0, 0.2], clearing_s = 0.08 }

[simulation]
until_s = 8

[output]
record = ["frequency", "bus.*", "island", "load.power", "machine.power"]
)";

TEST(CascadeCase, TheGraphIsTheOneKnownBeforehand) {
  const CaseRun run(kText);
  struct Link {
    const char* effect;
    const char* cause;  ///< "": the case file
  };
  // Ten events, each with what made it happen; the moves of the relays stand between the pairs.
  const Link links[] = {
      {"fault on line 2-3 '1'", ""},
      {"line 2-3 '1' opened", "fault on line 2-3 '1'"},
      {"overloaded to tripped", "line 2-3 '1' opened"},
      {"line 2-3 '2' opened", "overloaded to tripped"},
      {"stands alone", "line 2-3 '2' opened"},
      {"UFLS first-2-1.stage-1: tripped to open", "line 2-3 '2' opened"},
      {"load 2-1: 20 % shed", "UFLS first-2-1.stage-1: tripped to open"},
      {"tripped to open", "line 2-3 '2' opened"},  // of the unit too: the shed raised the frequency
      {"machine 4-1 tripped", "FRQTPAT"},
      {"UFLS last-2-2.stage-1: tripped to open", "machine 4-1 tripped"},
      {"load 2-2: 90 % shed", "UFLS last-2-2.stage-1: tripped to open"},
  };
  for (const Link& link : links) {
    const LoggedEvent* effect = run.find(link.effect);
    ASSERT_NE(effect, nullptr) << link.effect;
    const std::string cause = effect->cause < 0 ? "" : run.record.events[effect->cause].text;
    fmt::print("{:.3f} s {} <- {} ({})\n", effect->time_s, effect->text, cause, effect->cause_text);
    if (*link.cause == '\0')
      EXPECT_LT(effect->cause, 0);
    else
      EXPECT_NE(cause.find(link.cause), std::string::npos) << link.effect << " is laid to " << cause;
  }
  const LoggedEvent* unit = nullptr;
  for (const LoggedEvent& e : run.record.events)
    if (e.text.starts_with("FRQTPAT") && e.text.ends_with("tripped to open")) unit = &e;
  ASSERT_NE(unit, nullptr);
  EXPECT_NE(run.record.events[unit->cause].text.find("line 2-3 '2' opened"), std::string::npos)
      << "the stage shed before it raised the frequency";
  const Cascade cascade = cascade_of(run.record.events);
  EXPECT_TRUE(cascade.unexplained.empty());
  EXPECT_EQ(cascade.beginnings.size(), 1U) << "everything goes back to the fault";
  // 60 MW, and what it gives while it slows: 2 H S df/dt / f0 = 2 * 5 * 100 * (0.2 to 0.8) / 60 MW.
  fmt::print("generation lost: {:.1f} MW, 63 to 73 by hand\n", cascade.generation_lost_MW);
  EXPECT_NEAR(cascade.generation_lost_MW, 68.3, 5);
  for (const LoggedEvent& e : run.record.events)
    EXPECT_EQ(e.cause_text.find("the last event of its island"), std::string::npos) << e.text;
}

}  // namespace
}  // namespace ballast
