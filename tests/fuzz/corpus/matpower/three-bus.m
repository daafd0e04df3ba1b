function mpc = three
%{
three buses, a block comment
%}
mpc.version = '2';
mpc.baseMVA = 100; % MVA
mpc.bus = [
  1 3 0  0  0 0 1 1.02 0 230 1 1.1 0.9;
  2 2 0  0  0 5 1 1.00 0 230 1 1.1 0.9 % a row ended by its line
  3 1 60 20 1 0 1 1.00 ...
    0 230 2 1.1 0.9;
];
mpc.gen = [
  1 40 5 90 -90 1.02 100 1 120 0;
  2 25 0 Inf -Inf 1.01 0 1 50 0;
];
mpc.branch = [
  1 2 0.01 0.1 0.02 100 0 0 0 0 1 -360 360;
  2 3 0 0.2 0 0 0 0 0.98 -3 1 -360 360;
  1, 3, 0, 0.2, 0, 0, 0, 0, 0, 0, 0, -360, 360
];
mpc.dcline = [
  1 3 1 5 4.9 0 0 1.02 1 0 10 -5 5 -5 5 0.05 0.01;
];
mpc.bus_name = { 'ONE'; 'IT''S'; "THREE" };
mpc.genfuel = { 'coal'; 'wind' };
mpc.gencost = [ 2 0 0 3 0.01 20 0; 2 0 0 3 0.01 30 0 ];
