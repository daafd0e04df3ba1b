/// \file
/// One small network with a record in every section of a RAW file, in the layout of each version from 30 to
/// 36. The files say the same, as far as each version can.
#pragma once

#include <string>

namespace ballast::testing {

/// "RATE1,RATE2,RATE3" or twelve of them.
inline std::string rates(int version, const std::string& first) {
  std::string text = first;
  for (int k = 1; k < (version >= 34 ? 12 : 3); ++k) text += "," + std::to_string(1000 + k);
  return text;
}

inline std::string winding(int version, const std::string& ratio, const std::string& rating,
                           const std::string& COD, const std::string& limits) {
  const std::string node = version >= 35 ? ",7" : "";
  const std::string tail = version == 34 ? ",7" : "";
  return ratio + "," + rates(version, rating) + "," + COD + node + "," + limits +
         (version >= 31 ? ",0.0" : "") + tail + "\n";
}

inline std::string every_section(int version) {
  const bool names = version >= 34;
  std::string t = "0, 100.0, " + std::to_string(version) + ", 0, 1, 50.0 / PSS(R)E test\nEVERY SECTION\n\n";
  if (version >= 35) t = "@!IC,SBASE,REV,XFRRAT,NXFRAT,BASFRQ\n" + t;
  if (version >= 34)
    t += "GENERAL, THRSHZ=0.0001, PQBRAK=0.7\nRATING, 1, \"RATE1 \", \"RATING SET 1\"\n"
         "0 / END OF SYSTEM-WIDE DATA, BEGIN BUS DATA\n@!   I,'NAME        ', BASKV, IDE\n";

  if (version == 30) {
    t += "1,'ALPHA',230.0,3,0.0,0.0,1,1,1.02,0.0,1\n2,'BETA',138.0,1,1.5,-20.0,1,2,0.99,-3.5,2\n"
         "3,'GAMMA',13.8,2,0.0,0.0,2,1,1.01,-1.0,1\n4,'DELTA',138.0,1,0.0,0.0,2,1,1.0,-2.0,1\n";
  } else {
    const std::string limits = version >= 33 ? ",1.05,0.95,1.1,0.9" : "";
    t += "1,'ALPHA',230.0,3,1,1,1,1.02,0.0" + limits + "\n2,'BETA',138.0,1,1,2,2,0.99,-3.5" + limits +
         "\n3,'GAMMA',13.8,2,2,1,1,1.01,-1.0" + limits + "\n4,'DELTA',138.0,1,2,1,1,1.0,-2.0" + limits + "\n";
  }
  t += "0 / END OF BUS DATA, BEGIN LOAD DATA\n";
  t += "2,'L1',1,1,2,50.0,20.0,5.0,2.0,3.0,-1.0,2";
  t += version >= 32 ? ",1" : "";
  t += version >= 33 ? ",0" : "";
  t += version >= 34 ? ",0.0,0.0,0" : "";
  t += version >= 35 ? ",'HOUSE'" : "";
  t += "\n0 / END OF LOAD DATA, BEGIN ";
  if (version >= 31) t += "FIXED SHUNT DATA\n2,'1',1,1.5,-20.0\n0 / END OF FIXED SHUNT DATA, BEGIN ";
  if (version >= 36) t += "VOLTAGE DROOP CONTROL DATA\n0 / END OF VOLTAGE DROOP CONTROL DATA, BEGIN ";
  t += "GENERATOR DATA\n";
  const std::string node = version >= 35 ? ",3" : "", tail = version == 34 ? ",3" : "";
  const std::string base_load = version >= 35 ? ",1" : "";
  t += "1,'G1',80.0,10.0,60.0,-40.0,1.02,0" + node + ",120.0,0.003,0.25,0.0,0.0,1.0,1,100.0,110.0,5.0" +
       base_load + ",1,1.0,0,1.0,0,1.0,0,1.0,0,1.0" + tail + "\n";
  t += "3,'G2',30.0,5.0,20.0,-10.0,1.01,2" + node + ",50.0,0.0,0.3,0.0,0.1,1.05,1,40.0,45.0,0.0" + base_load +
       ",1,1.0,0,1.0,0,1.0,0,1.0,0,1.0" + tail + "\n";
  t += "0 / END OF GENERATOR DATA, BEGIN ";
  if (version >= 36)
    t += "SWITCHING DEVICE RATING SET DATA\n0 / END OF SWITCHING DEVICE RATING SET DATA, BEGIN ";
  t += "BRANCH DATA\n2," + std::string(version == 30 ? "-4" : "4") + ",'C1',0.01,0.1,0.05," +
       (names ? "'LINE A'," : "") + rates(version, "200.0") + ",0.001,-0.002,0.003,-0.004,1," +
       (version >= 31 ? "2," : "") + "12.5,1,1.0\n" + "0 / END OF BRANCH DATA, BEGIN ";
  if (version >= 34)
    t += "SYSTEM SWITCHING DEVICE DATA\n2,4,'@1',0.0002," + rates(version, "90.0") +
         ",0,1,1,2,'BREAKER'\n0 / END OF SYSTEM SWITCHING DEVICE DATA, BEGIN ";
  t += "TRANSFORMER DATA\n";
  // Two windings with every kind of code but 1, in voltage control of bus 4, corrected by table 1.
  t += "1,2,0,'T1',2,2,2,200000.0,0.01,2,'BANK',1,1,1.0" +
       std::string(version >= 33 ? ",0,1.0,0,1.0,0,1.0,'YNyn0'" : "") + "\n0.005,0.1,250.0\n";
  t += winding(version, "241.5,230.0,0.0", "250.0", "1,4", "253.0,207.0,1.02,0.98,17,1,0.001,0.02");
  t += "138.0,138.0\n";
  // Three windings; the third shifts phase to hold a flow, the second is locked.
  t += "1,4,3,'T2',1,2,1,0.0,-0.01,2,'TRIO',1,1,1.0\n0.002,0.10,200.0,0.003,0.06,50.0,0.004,0.15,100.0,0.99,-"
       "2.5\n";
  t += winding(version, "1.05,230.0,0.0", "200.0", "0,0", "1.1,0.9,1.1,0.9,33,0,0.0,0.0");
  t += winding(version, "0.98,138.0,0.0", "150.0", "-1,-2", "1.1,0.9,1.04,0.96,33,0,0.0,0.0");
  t += winding(version, "1.0,13.8,30.0", "50.0", "3,0", "40.0,-40.0,20.0,10.0,9,2,0.0,0.0");
  t += "0 / END OF TRANSFORMER DATA, BEGIN AREA DATA\n1,1,25.0,5.0,'NORTH'\n2,0,-25.0,10.0,'SOUTH'\n"
       "0 / END OF AREA DATA, BEGIN TWO-TERMINAL DC "
       "DATA\n'PACE',1,10.0,40.0,250.0,200.0,5.0,0.1,'R',50.0,30,0.9\n";
  const auto converter = [&](const char* bus) {
    const std::string measured = version >= 35   ? ",1,0,1,2,'T1',0.5"
                                 : version == 34 ? ",1,1,2,'T1',0.5,0"
                                                 : ",1,1,2,'T1',0.5";
    return std::string(bus) + ",2,18.0,5.0,0.1,6.0,230.0,0.5,1.02,1.3,0.8,0.01" + measured + "\n";
  };
  t += converter("2") + converter("4");
  t += "0 / END OF TWO-TERMINAL DC DATA, BEGIN VSC DC LINE DATA\n'LINK',1,2.0,1,1.0\n";
  const auto vsc = [&](const std::string& start, const std::string& regulated) {
    const std::string end = version >= 35   ? regulated + ",0,60.0"
                            : version == 34 ? regulated + ",60.0,0"
                                            : regulated + ",60.0";
    return start + ",90.0,0.1,10.0,120.0,400.0,0.9,55.0,-45.0," + end + "\n";
  };
  t += vsc("2,1,1,150.0,1.01", "4") + vsc("4,2,2,-30.0,0.95", "0");
  const std::string switched =
      "0 / END OF VSC DC LINE DATA, BEGIN SWITCHED SHUNT DATA\n2,1,1.05,0.97,4,70.0,'',75.0,4,25.0,2,-10.0\n"
      "0 / END OF SWITCHED SHUNT DATA, BEGIN ";
  t += version == 30 ? switched : "0 / END OF VSC DC LINE DATA, BEGIN ";
  t += "IMPEDANCE CORRECTION DATA\n";
  if (version <= 33) {
    t += "1,0.9,1.1,1.0,1.0,1.1,0.95,0.0,0.0\n2,-30.0,1.08,-15.0,1.02,0.0,1.0,10.0,1.01,20.0,1.03,30.0,1.05,"
         "40.0,1.09\n";
  } else {
    t += "1,0.9,1.1,0.0,1.0,1.0,0.0,1.1,0.95,0.0,0.0,0.0,0.0\n"
         "2,-30.0,1.08,0.0,-15.0,1.02,0.0,0.0,1.0,0.0,10.0,1.01,0.0,20.0,1.03,0.0,30.0,1.05,0.0\n"
         "40.0,1.09,0.0,0.0,0.0,0.0\n";
  }
  t += "0 / END OF IMPEDANCE CORRECTION DATA, BEGIN MULTI-TERMINAL DC DATA\n"
       "0 / END OF MULTI-TERMINAL DC DATA, BEGIN MULTI-SECTION LINE DATA\n1,3,'&1'," +
       std::string(version >= 31 ? "1," : "") +
       "2,4\n0 / END OF MULTI-SECTION LINE DATA, BEGIN ZONE DATA\n1,'EAST'\n2,'WEST'\n"
       "0 / END OF ZONE DATA, BEGIN INTER-AREA TRANSFER DATA\n1,2,'A',25.0\n"
       "0 / END OF INTER-AREA TRANSFER DATA, BEGIN OWNER DATA\n1,'CITY'\n2,'COUNTY'\n"
       "0 / END OF OWNER DATA, BEGIN FACTS DEVICE DATA\n"
       "'SVC',2,0,1,0.0,30.0,1.03,80.0,9999.0,0.9,1.1,1.0,0.0,0.05,90.0,1,0.1,0.2,0,4";
  t += version >= 35 ? ",0,''\n" : version == 34 ? ",'',0\n" : ",''\n";
  if (version == 30) return t + "0 / END OF FACTS DEVICE DATA\nQ\n";
  t += "0 / END OF FACTS DEVICE DATA, BEGIN SWITCHED SHUNT DATA\n";
  if (version >= 35)
    t += "2,'1',1,0,1,1.05,0.97,4,0,70.0,'',75.0,1,4,25.0,1,2,-10.0\n";
  else if (version == 31)
    t += "2,1,1.05,0.97,4,70.0,'',75.0,4,25.0,2,-10.0\n";
  else
    t += "2,1,0,1,1.05,0.97,4,70.0,'',75.0,4,25.0,2,-10.0\n";
  t += "0 / END OF SWITCHED SHUNT DATA";
  if (version >= 32) t += ", BEGIN GNE DATA\n0 / END OF GNE DATA";
  if (version >= 33)
    t += ", BEGIN INDUCTION MACHINE "
         "DATA\n4,'M1',1,1,2,2,1,1,1,1,10.0,13.8,1,8.0,0.6,1.0,1.1,1.2,1.3,0.01,0.1,3.0,"
         "0.02,0.15,0.03,0.2,0.04,1.0,0.1,1.2,0.3,0.5,0.6,1.5\n0 / END OF INDUCTION MACHINE DATA";
  if (version >= 34)
    t += ", BEGIN SUBSTATION DATA\n1,'STATION ONE',31.5,-98.25,0.1\n / BEGIN SUBSTATION NODE DATA\n"
         "1,'NODE 1',2,1,1.0,0.0\n0 / END OF SUBSTATION NODE DATA, BEGIN SUBSTATION SWITCHING DEVICE DATA\n"
         "0 / END OF SUBSTATION SWITCHING DEVICE DATA, BEGIN SUBSTATION TERMINAL DATA\n2,1,'L',0,0,'L1'\n"
         "0 / END OF SUBSTATION TERMINAL DATA, BEGIN SUBSTATION DATA\n0 / END OF SUBSTATION DATA";
  return t + "\nQ\n";
}

}  // namespace ballast::testing
