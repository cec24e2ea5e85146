"""Values: what registers, tenants and house rules are made of. They decide nothing and read nothing."""
