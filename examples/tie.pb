META
key;value
description;Invented election in which a tie decides
country;Kazakhstan
unit;Example
instance;tie
num_projects;4
num_votes;30
budget;8500000
vote_type;ordinal
rule;greedy
date_begin;01.06.2025
date_end;15.06.2025
min_length;3
max_length;3
language;kk
currency;KZT
experimental;1
comment;#1: The projects 7 and 12 have equally many points and the money pays for one of them: people must decide, so there is no column selected.
PROJECTS
project_id;cost;votes;score;name
7;5000000;28;51;Балалар алаңы
12;5000000;28;51;Спортивная площадка
15;3000000;30;66;Жүргіншілер өткелі
21;1500000;4;12;Клумбы
VOTES
voter_id;vote
1;12,7,15
2;12,7,15
3;12,7,15
4;12,7,15
5;12,7,15
6;15,12,7
7;15,12,7
8;15,12,7
9;15,12,7
10;15,12,7
11;15,12,7
12;15,12,7
13;15,12,7
14;15,7,12
15;15,7,12
16;15,7,12
17;15,7,12
18;15,7,12
19;15,7,12
20;15,7,12
21;15,7,12
22;21,15,12
23;21,15,12
24;21,15,7
25;21,15,7
26;7,12,15
27;7,12,15
28;7,12,15
29;7,12,15
30;7,12,15
